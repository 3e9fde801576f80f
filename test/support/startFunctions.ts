import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Credential } from '../../packages/local/src/iam/Credential.js'
import { createLambda } from '../../packages/local/src/lambda/createLambda.js'
import type { LogEntry } from '../../packages/local/src/lambda/Environment.js'
import { createServer } from '../../packages/local/src/protocol/createServer.js'
import { bundleFunctions } from '../../scripts/bundle-functions.mjs'
import { openTestKms, operator } from './openTestKms.js'

const accountId = '000000000000'
const region = 'us-east-1'

/** What an invocation ended with. */
export type Outcome = {
  /** `Unhandled` when the function threw. */
  error: string | undefined
  payload: Record<string, unknown> & {
    errorType?: string
    errorMessage?: string
  }
}

/**
 * The bundles that are deployed, in a local Lambda, before a local KMS, all
 * over HTTP.
 */
export async function startFunctions() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward functions-'))
  const bundles = join(folder, 'bundles')
  await bundleFunctions(bundles)
  const clock = { skewMs: 0 }
  const kms = openTestKms(join(folder, 'data'), {
    clock: {
      get now() {
        return Date.now() + clock.skewMs
      },
      set now(_) {},
    },
  })
  const credentials = new Map<string, Credential>()
  const own: Credential = {
    accessKeyId: 'AKIATESTTESTTESTTEST',
    secretAccessKey: 'secret of the operator',
    principal: operator,
  }
  credentials.set(own.accessKeyId, own)
  const logged: LogEntry[] = []
  const unexpected: unknown[] = []
  const onUnexpected = (error: unknown) => unexpected.push(error)
  const shared = {
    port: 0,
    region,
    findCredential: (id: string) => credentials.get(id),
    onUnexpected,
  }
  // A server of its own, so that its clock can be wrong and its requests are
  // the functions' alone.
  const kmsServer = await createServer({
    ...shared,
    services: [kms.kms],
    now: () => Date.now() + clock.skewMs,
  })
  const lambda = createLambda({
    dataDir: join(folder, 'data'),
    accountId,
    region,
    authorize: () => undefined,
    endpoint: () => kmsServer.endpoint,
    issueCredentials: (roleArn, sessionName) => {
      const issued = {
        accessKeyId: `ASIA${String(credentials.size).padStart(16, '0')}`,
        secretAccessKey: `secret of ${roleArn}`,
        sessionToken: `token of ${sessionName}`,
      }
      credentials.set(issued.accessKeyId, { ...issued, principal: operator })
      return issued
    },
    now: Date.now,
    log: (entry) => logged.push(entry),
  })
  const lambdaServer = await createServer({
    ...shared,
    services: [lambda],
    now: Date.now,
  })
  const client = new LambdaClient({
    endpoint: lambdaServer.endpoint,
    region,
    credentials: own,
    maxAttempts: 1,
  })

  let count = 0
  /** A function with an environment process of its own. */
  async function deploy(
    kind: 'eip1559-signer' | 'legacy-signer',
    environment: Record<string, string>,
    timeoutS = 10,
  ): Promise<string> {
    const name = `${kind}-${count++}`
    const codePath = join(bundles, `${kind}.mjs`)
    await lambda.putFunction({
      name,
      code: { path: codePath },
      roleArn: `arn:aws:iam::${accountId}:role/${name}`,
      environment: { ETH_NETWORK: 'local', ...environment },
      memorySizeMb: 256,
      timeoutS,
    })
    return name
  }

  async function invoke(
    FunctionName: string,
    event: unknown,
    more: { Qualifier?: string } = {},
  ): Promise<Outcome> {
    const answer = await client.send(
      new InvokeCommand({
        FunctionName,
        Payload: JSON.stringify(event),
        ...more,
      }),
    )
    return {
      error: answer.FunctionError,
      payload: JSON.parse(answer.Payload?.transformToString() ?? 'null'),
    }
  }

  async function close() {
    client.destroy()
    await lambdaServer.close()
    await lambda.close()
    await kmsServer.close()
    kms.kms.close()
    await rm(folder, { recursive: true, force: true })
    if (unexpected.length > 0) throw unexpected[0]
  }

  return { kms, kmsServer, lambda, clock, logged, deploy, invoke, close }
}
