import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalHome } from './localHome.js'
import { type Ran, run } from './runCli.js'
import { toolPath } from './tools.js'

export const algorithm = ['--signing-algorithm', 'ECDSA_SHA_256']

export type AwsClient = Awaited<ReturnType<typeof openAws>>

/** Debian's aws before `keyward local`, both as they are, and OpenSSL. */
export async function openAws() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward aws '))
  const home = await startLocalHome({ args: ['--no-chain'] })
  const operator = await home.env('operator')

  const file = (name: string) => join(folder, name)

  function ran(args: string[], env = operator): Promise<Ran> {
    return run(
      toolPath('aws'),
      ['--endpoint-url', home.ready.endpoint, '--output', 'json', ...args],
      { env: { ...env, AWS_PAGER: '', HOME: folder }, cwd: folder },
    )
  }
  async function aws(...args: string[]) {
    const { code, stdout, stderr } = await ran(args)
    if (code !== 0) throw new Error(`aws ${args.join(' ')}: ${stderr}`)
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const kms = (...args: string[]) => aws('kms', ...args)
  async function openssl(...args: string[]) {
    const { code, stdout, stderr } = await run(toolPath('openssl'), args, {
      cwd: folder,
    })
    if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`)
    return stdout.trim()
  }

  async function createKey(...more: string[]): Promise<string> {
    const { KeyMetadata } = await kms(
      ...['create-key', '--key-spec', 'ECC_SECG_P256K1'],
      ...['--key-usage', 'SIGN_VERIFY', ...more],
    )
    return KeyMetadata.KeyId
  }
  const state = async (id: string) =>
    (await kms('describe-key', '--key-id', id)).KeyMetadata.KeyState
  async function savePublicKey(id: string, name: string) {
    const { PublicKey } = await kms('get-public-key', '--key-id', id)
    await writeFile(file(name), Buffer.from(PublicKey, 'base64'))
  }

  return {
    home,
    file,
    ran,
    aws,
    kms,
    openssl,
    createKey,
    state,
    savePublicKey,
    async close() {
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
