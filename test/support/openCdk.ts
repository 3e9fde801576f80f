import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devAssembly } from '../../packages/cli/src/devAssembly.js'
import { changeAssembly, type Template } from './changeAssembly.js'
import { startLocalHome } from './localHome.js'
import { runCdk } from './runCdk.js'
import { type Ran, runCli } from './runCli.js'

export const functionId = 'Eip1559Function82FEFDF6'
export const keyId = 'SigningKey49B95470'

export type CdkHome = Awaited<ReturnType<typeof openCdk>>

/**
 * The CDK's command line as it is, deploying the very assembly that goes to AWS
 * to `keyward local` as it is.
 */
export async function openCdk() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward cdk '))
  const assembly = (await devAssembly(() => {})).directory
  const args = ['--no-stack', '--no-chain']
  let home = await startLocalHome({ args })
  let operator = await home.env('operator')

  const cdk = (command: string, app: string, ...args: string[]): Promise<Ran> =>
    runCdk([command, '--app', app, ...args], { env: operator, folder })
  return {
    folder,
    assembly,
    home: () => home,
    operator: () => operator,
    cdk,
    deploy: (app: string, ...args: string[]) =>
      cdk('deploy', app, '--require-approval', 'never', ...args),
    changed: (name: string, change: (template: Template) => void) =>
      changeAssembly(assembly, join(folder, name), change),
    async sign() {
      const env = await home.env()
      const args = ['sign', 'message', '--in', '-', '--json']
      const ran = await runCli(args, { env, input: 'hello' })
      return { env, ...ran }
    },
    /** @param meanwhile - What is done to its folder while it is stopped. */
    async restart(meanwhile: (dataDir: string) => Promise<void>) {
      const { dataDir } = home
      await home.stop()
      await meanwhile(dataDir)
      home = await startLocalHome({ dataDir, args })
      operator = await home.env('operator')
    },
    async close() {
      const { dataDir } = home
      await home.close()
      await rm(dataDir, { recursive: true, force: true })
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const all = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`
export const stackId = (ran: Ran) =>
  /arn:aws:cloudformation:\S+\/keyward-dev\/\S+/.exec(all(ran))?.[0]
