import type { Principal } from '@keyward/iam/policy'
import { parseJson } from '@keyward/iam/policy'
import { optionalText, type QueryInput } from '../protocol/awsQuery.js'
import { isObject, type JsonObject } from '../template/Json.js'
import type { CloudFormationContext } from './CloudFormationContext.js'
import { validation } from './errors.js'

const maxBodyBytes = 51_200
const maxBytes = 1_000_000

export type ReadTemplate = { text: string; template: JsonObject }

/**
 * Reads the template of a request, which is either inline or in S3. For S3, the
 * caller must be allowed to read it. Undefined if the request has no template.
 *
 * @throws AwsError ValidationError, AccessDenied
 */
export function readTemplate(
  context: CloudFormationContext,
  principal: Principal,
  input: QueryInput,
): ReadTemplate | undefined {
  const body = optionalText(input, 'TemplateBody')
  const url = optionalText(input, 'TemplateURL')
  if (body !== undefined && url !== undefined)
    throw validation(
      'You must specify only one of the following: TemplateBody, TemplateURL',
    )
  if (body !== undefined && Buffer.byteLength(body) > maxBodyBytes)
    throw validation(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${maxBodyBytes}`,
    )
  if (url === undefined) return body === undefined ? undefined : parse(body)
  return parse(fetchTemplate(context, principal, url))
}

function fetchTemplate(
  context: CloudFormationContext,
  principal: Principal,
  url: string,
): string {
  const place = toPlace(url, context)
  if (!place) throw validation('TemplateURL must be a supported URL.')
  const { bucketName, key } = place
  context.authorize({
    principal,
    action: 's3:GetObject',
    resource: `arn:aws:s3:::${bucketName}/${key}`,
    context: { 'aws:ResourceAccount': context.accountId },
  })
  const content = context.readObject(bucketName, key)
  if (!content)
    throw validation(
      'S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html',
    )
  if (content.length > maxBytes)
    throw validation(`Template may not exceed ${maxBytes} bytes in size.`)
  return content.toString()
}

/**
 * `https://s3.<region>.amazonaws.com/<bucket>/<key>`, or with the bucket in the
 * host name.
 */
function toPlace(
  url: string,
  { region }: CloudFormationContext,
): { bucketName: string; key: string } | undefined {
  if (!URL.canParse(url)) return undefined
  const { hostname, pathname } = new URL(url)
  const path = decodeURIComponent(pathname.slice(1))
  const isLocal = hostname === '127.0.0.1' || hostname === 'localhost'
  const [, inHost] =
    new RegExp(
      `^(?:([a-z0-9.-]+)\\.)?s3(?:[.-]${region})?\\.amazonaws\\.com$`,
    ).exec(hostname) ?? (isLocal ? ['', undefined] : [undefined, undefined])
  if (inHost !== undefined) return { bucketName: inHost, key: path }
  if (!isLocal && !hostname.startsWith('s3')) return undefined
  const slash = path.indexOf('/')
  if (slash < 1) return undefined
  return { bucketName: path.slice(0, slash), key: path.slice(slash + 1) }
}

function parse(text: string): ReadTemplate {
  let template: unknown
  try {
    template = parseJson(text)
  } catch (error) {
    if (!text.trimStart().startsWith('{'))
      throw validation(
        'Template format error: the local home reads only JSON templates, ' +
          'not YAML. `cdk synth` writes JSON.',
      )
    throw validation(
      `Template format error: JSON not well-formed. (${(error as Error).message.slice(0, 120)})`,
    )
  }
  if (!isObject(template))
    throw validation('Template format error: unsupported structure.')
  return { text, template }
}
