import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import type { AuthorizationRequest } from '../../packages/iam/src/policy/AuthorizationRequest.js'
import { createLambda } from '../../packages/local/src/lambda/createLambda.js'
import type { LogEntry } from '../../packages/local/src/lambda/Environment.js'
import type { FunctionDefinition } from '../../packages/local/src/lambda/FunctionRecord.js'
import { createServer } from '../../packages/local/src/protocol/createServer.js'

export const accountId = '000000000000'
export const region = 'us-east-1'
export const arnOf = (name: string) =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`

/**
 * A Lambda behind the real HTTP server, the AWS SDK's client for it, and what
 * they did. Everything goes with `close`.
 */
export async function startLambda(
  options: Partial<Parameters<typeof createLambda>[0]> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward lambda test-'))
  const asked: AuthorizationRequest[] = []
  const logged: LogEntry[] = []
  const principal = {
    arn: `arn:aws:iam::${accountId}:user/operator`,
    account: accountId,
  }
  const credentials = {
    accessKeyId: 'AKIATESTTESTTESTTEST',
    secretAccessKey: 'secret',
  }
  let endpoint = ''
  const lambda = createLambda({
    dataDir: join(folder, 'data'),
    accountId,
    region,
    authorize: (request) => void asked.push(request),
    endpoint: () => endpoint,
    issueCredentials: (roleArn, sessionName) => ({
      accessKeyId: 'ASIATEST',
      secretAccessKey: `secret of ${roleArn}`,
      sessionToken: `token of ${sessionName}`,
    }),
    now: Date.now,
    log: (entry) => logged.push(entry),
    ...options,
  })
  const unexpected: unknown[] = []
  const server = await createServer({
    port: 0,
    region,
    services: [lambda],
    findCredential: (id) =>
      id === credentials.accessKeyId
        ? { ...credentials, principal }
        : undefined,
    now: Date.now,
    onUnexpected: (error) => unexpected.push(error),
  })
  endpoint = server.endpoint
  const client = new LambdaClient({
    endpoint,
    region,
    credentials,
    maxAttempts: 1,
  })

  let count = 0
  /** Puts a function whose code is `source`. */
  async function put(
    name: string,
    source: string,
    more: Partial<FunctionDefinition> = {},
  ) {
    const codePath = join(folder, `code-${count++}.mjs`)
    await writeFile(codePath, source)
    return lambda.putFunction({
      name,
      code: { path: codePath },
      roleArn: `arn:aws:iam::${accountId}:role/${name}`,
      ...more,
    })
  }

  /** Invokes and reads the answer; the payload is anything. */
  async function invoke(
    FunctionName: string,
    event: unknown = {},
    more: Partial<InvokeCommandInput> = {},
  ) {
    const answer = await client.send(
      new InvokeCommand({
        FunctionName,
        Payload: JSON.stringify(event),
        ...more,
      }),
    )
    const text = answer.Payload?.transformToString() ?? ''
    return {
      status: answer.StatusCode,
      error: answer.FunctionError,
      version: answer.ExecutedVersion,
      requestId: answer.$metadata.requestId ?? '',
      payload: text === '' ? undefined : JSON.parse(text),
      log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
    }
  }

  async function close() {
    client.destroy()
    await server.close()
    await lambda.close()
    await rm(folder, { recursive: true, force: true })
    if (unexpected.length > 0) throw unexpected[0]
  }

  return {
    lambda,
    server,
    client,
    folder,
    asked,
    logged,
    credentials,
    put,
    invoke,
    close,
  }
}
