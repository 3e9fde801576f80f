import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { createLocalHome } from '../../packages/local/src/index.js'
import { callAws } from './callAws.js'
import { changeAssembly, type Template } from './changeAssembly.js'
import { type Ran, run } from './runCli.js'
import { sendHttp } from './sendHttp.js'
import { synthesize } from './synthesize.js'
import { toolPath } from './tools.js'

/** The principal of the alias `payouts`. */
const user = 'arn:aws:iam::000000000000:role/keyward-dev-user'

/**
 * A stack `treasury` that sends, without signers, in a local home of its own
 * with a chain; its account has one ether. Nothing of the settings' secrets is
 * there yet. Its clock stands still, so that only the test's own invocations
 * reconcile.
 *
 * @param change - Of the template, before it is deployed.
 */
export async function openSendingStack(
  context: Record<string, unknown>,
  change: (template: Template) => void = () => {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward sending '))
  const synthesized = await synthesize(join(folder, 'cdk.out'), {
    stackName: 'treasury',
    network: 'local',
    administrators: 'arn:aws:iam::000000000000:role/keyward-dev-admin',
    invokers: `payouts=${user}`,
    signers: 'false',
    confirmations: '1',
    ...context,
  })
  const changed = join(folder, 'changed')
  const directory = await changeAssembly(synthesized, changed, (template) => {
    stopClock(template)
    change(template)
  })
  const lines: string[] = []
  const home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: { port: 0 },
    assembly: { directory },
    onEvent: (line) => lines.push(line),
  })
  const clients = (['user', 'operator'] as const).map(
    (as) =>
      [
        as,
        new LambdaClient({
          endpoint: home.endpoint,
          region: home.region,
          credentials: home.credentials(as),
          maxAttempts: 1,
        }),
      ] as const,
  )
  const rpcUrl = home.rpcUrl ?? ''
  async function rpc(method: string, params: unknown[] = []) {
    const { body } = await sendHttp(rpcUrl, {
      headers: {
        'content-type': 'application/json',
        host: new URL(rpcUrl).host,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return JSON.parse(body).result
  }
  const address = home.keys()[0]?.address ?? ''
  await rpc('anvil_setBalance', [address, `0x${(10n ** 18n).toString(16)}`])
  return {
    home,
    folder,
    address,
    rpcUrl,
    rpc,
    /** All that was said by the home and by the functions. */
    lines,
    /** What a function answers, or the error that it ended with. */
    async invoke(
      FunctionName: string,
      event: object = {},
      as: 'user' | 'operator' = 'user',
    ) {
      const client = new Map(clients).get(as) as LambdaClient
      const Payload = JSON.stringify(event)
      const answer = await client.send(
        new InvokeCommand({ FunctionName, Payload }),
      )
      return JSON.parse(answer.Payload?.transformToString() ?? 'null')
    },
    /** What Debian's aws does, in a hundredth of its time. */
    call(target: Parameters<typeof callAws>[1], input: object) {
      const { endpoint } = home
      const credentials = home.credentials('operator')
      return callAws({ endpoint, credentials }, target, input)
    },
    /** Debian's aws, as the operator. */
    aws(...args: string[]): Promise<Ran> {
      const { accessKeyId, secretAccessKey } = home.credentials('operator')
      return run(
        toolPath('aws'),
        ['--endpoint-url', home.endpoint, '--output', 'json', ...args],
        {
          env: {
            HOME: folder,
            AWS_ACCESS_KEY_ID: accessKeyId,
            AWS_SECRET_ACCESS_KEY: secretAccessKey,
            AWS_DEFAULT_REGION: home.region,
          },
        },
      )
    },
    /** A file of the value, for aws not to have it among its arguments. */
    async fileOf(value: string) {
      const path = join(folder, 'value')
      await writeFile(path, `${value}\n`, { mode: 0o600 })
      return `file://${path}`
    },
    async close() {
      for (const [, client] of clients) client.destroy()
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function stopClock({ Resources }: Template): void {
  for (const { Type, Properties } of Object.values(Resources))
    if (Type === 'AWS::Events::Rule') Properties.State = 'DISABLED'
}

export type SendingStack = Awaited<ReturnType<typeof openSendingStack>>

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

/** A payment of one wei. */
export const payment = (idempotency_key: string) => ({
  ...{ operation: 'send', idempotency_key },
  ...{ dst_address: to, value_wei: '1' },
})
