import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { CreateKeyCommand, type OriginType } from '@aws-sdk/client-kms'
import { expect } from 'vitest'
import { connectKms } from './connectKms.js'
import { toPem } from './keyPem.js'
import { startLocalHome } from './localHome.js'
import { tableRows } from './readGuide.js'
import { run } from './runCli.js'
import { toolPath } from './tools.js'

export type ImportFaults = Awaited<ReturnType<typeof openImportFaults>>

/** Imports by hand with Debian's aws and OpenSSL, and the guide's table. */
export async function openImportFaults() {
  const folder = await mkdtemp(join(tmpdir(), 'keyward faults '))
  const home = await startLocalHome({ args: ['--no-chain'] })
  const env: Record<string, string> = {
    ...(await home.env('operator')),
    PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
  }
  const kms = connectKms(env)
  await writeFile(join(folder, 'key.pem'), toPem(77n))
  await writeFile(join(folder, 'other.pem'), toPem(78n))

  const rows = tableRows('import-by-hand', 'When it fails').map(
    ([error = '', cause = '', mend = '']) => ({ error, cause, mend }),
  )
  const found = new Set<string>()

  /** Finds the row of a cause and holds the printed error against it. */
  function expectInTable(printed: string, cause: RegExp) {
    const fitting = rows.filter((row) => cause.test(row.cause))
    expect(fitting, `one row for ${cause}`).toHaveLength(1)
    const [row] = fitting
    const literals = [...(row?.error ?? '').matchAll(/`([^`]+)`/g)]
    expect(literals.length).toBeGreaterThan(0)
    for (const [, literal] of literals) expect(printed).toContain(literal)
    found.add(row?.cause ?? '')
  }

  async function createKey(Origin: OriginType = 'EXTERNAL') {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeySpec: 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        Origin,
      }),
    )
    return KeyMetadata?.Arn ?? ''
  }

  /** What the guide's commands are made of, in short. */
  const prelude = `
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
parameters() {
  aws kms get-parameters-for-import --key-id "$1" \\
    --wrapping-algorithm "\${2:-RSAES_OAEP_SHA_256}" \\
    --wrapping-key-spec RSA_2048 --query '[PublicKey,ImportToken]' \\
    --output text >set || return
  cut -f 1 set | openssl base64 -d -A -out wrapping.der
  cut -f 2 set | openssl base64 -d -A -out token
}
wrap() {
  openssl pkeyutl -encrypt -in "$1" -out wrapped -pubin -keyform DER \\
    -inkey wrapping.der -pkeyopt rsa_padding_mode:oaep \\
    -pkeyopt rsa_oaep_md:sha256
}
import() {
  aws kms import-key-material --key-id "$1" --import-token fileb://token \\
    --encrypted-key-material fileb://wrapped \\
    --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE
}
openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.pkcs8
`

  /** All that was printed by commands of which the last has to fail. */
  async function failing(commands: string, ...args: string[]) {
    const { code, stdout, stderr } = await run(
      'bash',
      ['-c', `set -uo pipefail\n${prelude}${commands}`, 'bash', ...args],
      { env, cwd: folder },
    )
    expect(code, `${stdout}${stderr}`).toBeGreaterThan(0)
    return stderr
  }

  return {
    home,
    folder,
    env,
    kms,
    rows,
    found,
    prelude,
    createKey,
    failing,
    expectInTable,
    async close() {
      kms.destroy()
      await home.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
