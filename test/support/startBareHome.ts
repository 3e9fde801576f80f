import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningHome, startLocalHome } from './localHome.js'
import { type Ran, runCli } from './runCli.js'
import { strict } from './tools.js'

/**
 * A local home without a stack, to deploy one to, and `keyward` as each of its
 * principals.
 *
 * @param args - Of `keyward local`; none of them for a home with its stack.
 * @param options.records - Keeps what is asked of AWS there, and answered.
 */
export async function startBareHome(
  args: readonly string[] = ['--no-stack'],
  { records }: { records?: boolean } = {},
) {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyward stack '))
  const start = () =>
    startLocalHome({
      ...{ dataDir, args: [...args] },
      ...(records !== undefined && { records }),
    })
  let home: RunningHome = await start()
  let environments = new Map<string, Record<string, string>>()

  async function envOf(as: string): Promise<Record<string, string>> {
    const known = environments.get(as)
    if (known !== undefined) return known
    const { code, stdout, stderr } = await runCli([
      ...['env', '--data-dir', dataDir, '--as', as, '--profiles', '--json'],
    ])
    if (code !== 0) throw new Error(stderr)
    const env = JSON.parse(stdout) as Record<string, string>
    environments.set(as, env)
    return env
  }

  const clients: { destroy(): void }[] = []

  return {
    dataDir,
    envOf,
    /** A principal that the home's folder has no keys of, such as a session. */
    know(as: string, env: Record<string, string>) {
      environments.set(as, env)
    },
    /** A client of the AWS SDK as a principal; `close` destroys it. */
    async clientOf<client extends { destroy(): void }>(
      Client: new (config: object) => client,
      as: string,
    ): Promise<client> {
      const env = await envOf(as)
      const client = new Client({
        endpoint: home.ready.endpoint,
        region: 'us-east-1',
        // Nobody here tries again; a busy control plane the SDK does by itself.
        maxAttempts: strict ? 3 : 1,
        credentials: {
          accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
          secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
          ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
        },
      })
      clients.push(client)
      return client
    },
    /** `keyward ... --json` as a principal, its answer parsed. */
    async as(principal: string, ...args: string[]) {
      const env = await envOf(principal)
      const ran = await runCli([...args, '--json'], { env })
      return { ...ran, data: parse(ran) }
    },
    rpcUrl: () => home.ready.rpcUrl ?? '',
    address: () => home.ready.keys[0]?.address ?? '',
    endpoint: () => home.ready.endpoint,
    calls: () => home.calls(),
    /** kill -9, and up again with what the folder holds. */
    async killAndRestart() {
      await home.kill()
      await this.restart()
    },
    kill: () => home.kill(),
    async restart() {
      home = await start()
      environments = new Map()
    },
    async close() {
      for (const client of clients) client.destroy()
      await home.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested.
function parse({ stdout }: Ran): any {
  return stdout === '' ? undefined : JSON.parse(stdout)
}
