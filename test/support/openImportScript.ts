import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import {
  chmod,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CreateKeyCommand, type OriginType } from '@aws-sdk/client-kms'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { connectKms } from './connectKms.js'
import { toPem } from './keyPem.js'
import { startLocalHome } from './localHome.js'
import { type Ran, root, run } from './runCli.js'
import { toolPath } from './tools.js'

export const script = join(root, 'scripts', 'import-key.sh')
/** Where the script keeps what AWS sends it. */
export const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export type ImportScript = Awaited<ReturnType<typeof openImportScript>>

/** scripts/import-key.sh as it is, with Debian's aws and OpenSSL. */
export async function openImportScript() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward import '))
  const home = await startLocalHome({ args: ['--no-chain'] })
  const env: Record<string, string> = {
    ...(await home.env('operator')),
    PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
    HOME: folder,
  }
  const kms = connectKms(env)

  const importKey = (
    args: string[],
    options: { env?: Record<string, string>; input?: string } = {},
  ): Promise<Ran> =>
    run('bash', [script, ...args], {
      cwd: folder,
      ...options,
      env: { ...env, ...options.env },
    })

  /** Writes a key's PEM, readable by its owner only. */
  async function keyFile(name: string, pem: string): Promise<string> {
    await writeFile(join(folder, name), pem, { mode: 0o600 })
    return name
  }
  async function newKey(name: string) {
    const secret = `0x${randomBytes(32).toString('hex')}` as Hex
    const { address, publicKey } = privateKeyToAccount(secret)
    await keyFile(name, toPem(secret))
    return { secret, address, publicHex: publicKey.slice(4), file: name }
  }
  async function createKey(Origin: OriginType): Promise<string> {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        Origin,
      }),
    )
    return KeyMetadata?.Arn ?? ''
  }

  /**
   * Stands in front of aws and openssl: notes what each call could give away,
   * then runs `before`, the program itself and `after`, which know the call.
   */
  async function watch(
    name: string,
    hooks: { before?: string; after?: string },
  ) {
    const bin = join(folder, name)
    await mkdir(bin)
    for (const tool of ['aws', 'openssl'] as const) {
      const real = toolPath(tool)
      const text = `#!/bin/bash
args="$*"
{ printf '%s\\n' "$args"; env; } >>'${bin}/seen'
if [[ ${tool} == aws ]]; then
  printf %s $PPID >'${bin}/pid'
  folder=$(echo '${memory}'/import-key.$PPID.*)
  cat "$folder"/* >>'${bin}/seen'
  cat "$folder"/* | od -An -v -tx1 | tr -d ' \\n' >>'${bin}/seen'
  stat -c %a "$folder" >>'${bin}/modes'
fi
${tool === 'aws' ? (hooks.before ?? '') : ''}
'${real}' "$@"
code=$?
${tool === 'aws' ? (hooks.after ?? '') : ''}
exit $code
`
      await writeFile(join(bin, tool), text)
      await chmod(join(bin, tool), 0o755)
    }
    return {
      env: { PATH: `${bin}:${env.PATH}` },
      seen: () => readFile(join(bin, 'seen'), 'latin1'),
      modes: () => readFile(join(bin, 'modes'), 'utf8'),
      /** The folders that a run left. */
      async left() {
        const start = `import-key.${await readFile(join(bin, 'pid'), 'utf8')}.`
        return readdirSync(memory).filter((name) => name.startsWith(start))
      },
    }
  }

  /** Shows the address, and stops for it is another one than expected. */
  const refusedBeforeKms = (file: string) =>
    importKey([
      ...['--key-id', 'unused', '--pem', file],
      ...['--expect-address', `0x${'0'.repeat(40)}`],
    ])

  return {
    folder,
    home,
    env,
    kms,
    importKey,
    keyFile,
    newKey,
    createKey,
    watch,
    refusedBeforeKms,
    async close() {
      kms.destroy()
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
