import { sendHttp } from './sendHttp.js'
import { type SigningCredentials, signRequest } from './signRequest.js'

/** One call in AWS's JSON protocol, which must succeed. */
export async function callAws(
  home: { endpoint: string; credentials: SigningCredentials },
  /** Such as `ssm`, and `AmazonSSM.PutParameter`. */
  [service, target]: readonly [service: string, target: string],
  input: object,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input)
  const version = service === 'dynamodb' ? '1.0' : '1.1'
  const headers = signRequest({
    credentials: home.credentials,
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      host: new URL(home.endpoint).host,
      'x-amz-target': target,
    },
    body,
    region: 'us-east-1',
    service,
    now: Date.now(),
  })
  const answer = await sendHttp(`${home.endpoint}/`, { headers, body })
  if (answer.status !== 200) throw new Error(`${target}: ${answer.body}`)
  return JSON.parse(answer.body)
}
