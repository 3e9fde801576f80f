import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { devAssembly } from '../../packages/cli/src/devAssembly.js'
import { createLocalHome } from '../../packages/local/src/index.js'
import { changeAssembly } from './changeAssembly.js'

/** What an invocation answered. */
export type Invoked = {
  /** `Unhandled` when the function threw. */
  error: string | undefined
  payload: Record<string, unknown>
  log: string
}

/**
 * The home that `keyward local` starts, in this process, so that its counters
 * can be read. Its functions ask no policy: what that costs is another figure.
 */
export async function openStackedHome(
  options: Partial<createLocalHome.Parameters> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward stacked '))
  const { directory: guarded } = await devAssembly(() => {})
  const bare = join(folder, 'bare')
  const directory = await changeAssembly(guarded, bare, ({ Resources }) => {
    for (const { Type, Properties } of Object.values(Resources))
      if (Type === 'AWS::Lambda::Function') withoutPolicy(Properties)
  })
  const events: string[] = []
  const home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
    assembly: { directory },
    onEvent: (event) => events.push(event),
    ...options,
  })
  const client = new LambdaClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials('user'),
    maxAttempts: 1,
  })
  return {
    home,
    /** Lines of the home and of the functions. */
    events,
    async invoke(FunctionName: string, event: unknown): Promise<Invoked> {
      const answer = await client.send(
        new InvokeCommand({
          FunctionName,
          LogType: 'Tail',
          Payload: event instanceof Uint8Array ? event : JSON.stringify(event),
        }),
      )
      return {
        error: answer.FunctionError,
        payload: JSON.parse(answer.Payload?.transformToString() ?? 'null'),
        log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
      }
    },
    async close() {
      client.destroy()
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function withoutPolicy({ Environment }: Record<string, unknown>): void {
  const { Variables } = Environment as { Variables: Record<string, unknown> }
  delete Variables.POLICY_SHA256
  delete Variables.GUARD_TABLE
}

const shared = {
  operation: 'sign',
  dst_address: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
  amount: '0.25',
  nonce: 0,
}

/** An event that each function signs. */
export const signEvents: Record<string, Record<string, unknown>> = {
  'keyward-dev-eip1559-signer': {
    ...shared,
    max_fee_per_gas: 2_000_000_000,
    max_priority_fee_per_gas: 1_000_000_000,
  },
  'keyward-dev-legacy-signer': { ...shared, gas_price: 2_000_000_000 },
}
