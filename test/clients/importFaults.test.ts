import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  type KMSClient,
  type OriginType,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as ImportToken from '../../packages/local/src/kms/import/ImportToken.js'
import { connectKms } from '../support/connectKms.js'
import { toPem } from '../support/keyPem.js'
import { type RunningHome, startLocalHome } from '../support/localHome.js'
import { tableRows } from '../support/readGuide.js'
import { run } from '../support/runCli.js'
import { toolPath, without } from '../support/tools.js'

// The classic faults of an import by hand, made with Debian's aws and OpenSSL.
// Each must give what AWS gives, and the guide's table must lead from there to
// its cause.

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

describe.skipIf(without('aws') || without('openssl'))('faults by hand', () => {
  let home: RunningHome
  let kms: KMSClient
  let folder: string
  let env: Record<string, string>
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'keyward faults '))
    home = await startLocalHome({ args: ['--no-chain'] })
    env = {
      ...(await home.env('operator')),
      PATH: `${dirname(toolPath('aws'))}:${process.env.PATH}`,
    }
    kms = connectKms(env)
    await writeFile(join(folder, 'key.pem'), toPem(77n))
    await writeFile(join(folder, 'other.pem'), toPem(78n))
  })
  afterAll(async () => {
    kms.destroy()
    await home.close()
    await rm(folder, { recursive: true, force: true })
  })

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

  /** The faults of one KMS key that stays without material. */
  const wrapped: [RegExp, string][] = [
    [
      /left at SHA-1/,
      `openssl pkeyutl -encrypt -in key.pkcs8 -out wrapped -pubin -keyform DER \\
         -inkey wrapping.der -pkeyopt rsa_padding_mode:oaep
       import "$1"`,
    ],
    [
      /left at PKCS#1 v1\.5/,
      `openssl pkeyutl -encrypt -in key.pkcs8 -out wrapped -pubin -keyform DER \\
         -inkey wrapping.der
       import "$1"`,
    ],
    [
      /token is of another call/,
      'wrap key.pkcs8; parameters "$1"; import "$1"',
    ],
    [
      /token's base64 was not decoded/,
      'wrap key.pkcs8; cut -f 2 set >token; import "$1"',
    ],
    [
      /wrapped key was encoded as base64/,
      'wrap key.pkcs8; openssl base64 -in wrapped -out coded; mv coded wrapped; import "$1"',
    ],
    [
      /No expiration model/,
      `wrap key.pkcs8
       aws kms import-key-material --key-id "$1" --import-token fileb://token \\
         --encrypted-key-material fileb://wrapped`,
    ],
    [
      /SEC1, raw bytes/,
      'openssl ec -in key.pem -outform DER -out sec1; wrap sec1; import "$1"',
    ],
    [/SEC1, raw bytes/, 'openssl rand -out raw 32; wrap raw; import "$1"'],
    [
      /another curve/,
      `openssl ecparam -name prime256v1 -genkey -noout |
         openssl pkcs8 -topk8 -nocrypt -outform DER -out p256
       wrap p256; import "$1"`,
    ],
    [/longer than OAEP can hold/, 'wrap key.pem'],
    [
      /wrapping key's base64 was not decoded/,
      'cut -f 1 set >wrapping.der; wrap key.pkcs8',
    ],
    [
      /Bytes were given by `file:/,
      `wrap key.pkcs8
       aws kms import-key-material --key-id "$1" --import-token file://token \\
         --encrypted-key-material fileb://wrapped`,
    ],
  ]
  test('of wrapping, each of them mended in the next attempt', async () => {
    const key = await createKey()
    for (const [cause, commands] of wrapped) {
      const printed = await failing(`parameters "$1"\n${commands}`, key)
      expectInTable(printed, cause)
    }
    const { code, stderr } = await run(
      'bash',
      ['-c', `${prelude}parameters "$1"; wrap key.pkcs8; import "$1"`, '', key],
      { env, cwd: folder },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })

    // Now it is Enabled, and bound to that key.
    expectInTable(
      await failing(
        `parameters "$1"
         openssl pkcs8 -topk8 -nocrypt -in other.pem -outform DER -out other
         wrap other; import "$1"`,
        key,
      ),
      /has had other material/,
    )
  })

  test('of RSA_AES_KEY_WRAP', async () => {
    const key = await createKey()
    const commands = `
parameters "$1" RSA_AES_KEY_WRAP_SHA_256
openssl rand -hex 32 | tr -d '\\n' >hex
openssl enc -id-aes256-wrap-pad -iv A65959A6 -K "$(cat hex)" -in key.pkcs8 -out inner
`
    expectInTable(
      await failing(
        `${commands}wrap hex; cat inner >>wrapped; import "$1"`,
        key,
      ),
      /wrapped as hex text/,
    )
    expectInTable(
      await failing(
        `${commands}openssl rand -out aes 32; wrap aes
         cat inner wrapped >both; mv both wrapped; import "$1"`,
        key,
      ),
      /wrapped as hex text/,
    )
    expectInTable(
      await failing(`${commands}wrap key.pkcs8; import "$1"`, key),
      /Wrapped by RSAES_OAEP, but/,
    )
  })

  test('of the token', async () => {
    const [key, other] = [await createKey(), await createKey()]
    expectInTable(
      await failing('parameters "$1"; wrap key.pkcs8; import "$2"', key, other),
      /token is for another KMS key/,
    )
    // A token of the day before yesterday, made as this home makes them.
    const secret = await readFile(join(home.dataDir, 'kms', 'token-secret'))
    const old = ImportToken.encode(
      {
        keyId: key.split('/')[1] ?? '',
        wrappingKeyId: randomUUID(),
        algorithm: 'RSAES_OAEP_SHA_256',
        expiresAt: Date.now() - 86_400_000,
      },
      secret,
    )
    await writeFile(join(folder, 'old'), old)
    expectInTable(
      await failing(
        'parameters "$1"; wrap key.pkcs8; mv old token; import "$1"',
        key,
      ),
      /older than 24 hours/,
    )
  })

  test('of asking for parameters', async () => {
    const key = await createKey()
    const own = await createKey('AWS_KMS')
    await kms.send(
      new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: key }),
    )
    for (const [cause, ...args] of [
      [/without origin EXTERNAL/, own],
      [/in old recipes/, key, 'RSAES_PKCS1_V1_5'],
      [/name is misspelt/, key, 'RSAES_OAEP_SHA256'],
      [/^An alias, where/, 'alias/a'],
      [/another Region or account/, randomUUID()],
      // The stack's key, of which the operator is neither user nor importer.
      [/^You may not/, home.key.arn],
    ] as const)
      expectInTable(await failing('parameters "$@"', ...args), cause)
  })

  test('of the state of the KMS key', async () => {
    const key = await createKey()
    const ask = 'aws kms get-public-key --key-id "$1"'
    expectInTable(await failing(ask, key), /Nothing has been imported/)
    const own = await createKey('AWS_KMS')
    await kms.send(new DisableKeyCommand({ KeyId: own }))
    expectInTable(await failing(ask, own), /KMS key is disabled/)
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key }))
    expectInTable(await failing('parameters "$1"', key), /deletion is sched/)
  })

  test('are all of the table but those of another OpenSSL', () => {
    expect(
      rows.map(({ cause }) => cause).filter((cause) => !found.has(cause)),
    ).toEqual(['OpenSSL before 3 has no `-id-aes256-wrap-pad`'])
  })
})
