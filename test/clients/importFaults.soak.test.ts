import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateAliasCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as ImportToken from '../../packages/local/src/kms/import/ImportToken.js'
import {
  type ImportFaults,
  openImportFaults,
} from '../support/openImportFaults.js'
import { run } from '../support/runCli.js'
import { without } from '../support/tools.js'

// The classic faults of an import by hand, made with Debian's aws and OpenSSL.
// Each must give what AWS gives, and the guide's table must lead from there to
// its cause.

describe.skipIf(without('aws') || without('openssl'))('faults by hand', () => {
  let at: ImportFaults
  beforeAll(async () => {
    at = await openImportFaults()
  })
  afterAll(() => at.close())

  /** The faults of one KMS key that stays without material. */
  const wrapped: [RegExp, string][] = [
    [
      /OAEP used SHA-1/,
      `openssl pkeyutl -encrypt -in key.pkcs8 -out wrapped -pubin -keyform DER \\
         -inkey wrapping.der -pkeyopt rsa_padding_mode:oaep
       import "$1"`,
    ],
    [
      /padding was PKCS#1 v1\.5/,
      `openssl pkeyutl -encrypt -in key.pkcs8 -out wrapped -pubin -keyform DER \\
         -inkey wrapping.der
       import "$1"`,
    ],
    [
      /are from different calls/,
      'wrap key.pkcs8; parameters "$1"; import "$1"',
    ],
    [
      /but its base64 was not decoded/,
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
    [/too long for OAEP/, 'wrap key.pem'],
    [
      /wrapping key's base64 was not decoded/,
      'cut -f 1 set >wrapping.der; wrap key.pkcs8',
    ],
    [
      /passed with `file:/,
      `wrap key.pkcs8
       aws kms import-key-material --key-id "$1" --import-token file://token \\
         --encrypted-key-material fileb://wrapped`,
    ],
  ]
  test('of wrapping, each of them mended in the next attempt', async () => {
    const key = await at.createKey()
    for (const [cause, commands] of wrapped) {
      const printed = await at.failing(`parameters "$1"\n${commands}`, key)
      at.expectInTable(printed, cause)
    }
    const { code, stderr } = await run(
      'bash',
      [
        '-c',
        `${at.prelude}parameters "$1"; wrap key.pkcs8; import "$1"`,
        '',
        key,
      ],
      { env: at.env, cwd: at.folder },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })

    // Now it is Enabled, and bound to that key.
    at.expectInTable(
      await at.failing(
        `parameters "$1"
         openssl pkcs8 -topk8 -nocrypt -in other.pem -outform DER -out other
         wrap other; import "$1"`,
        key,
      ),
      /different private key was imported/,
    )
  })

  test('of RSA_AES_KEY_WRAP', async () => {
    const key = await at.createKey()
    const commands = `
parameters "$1" RSA_AES_KEY_WRAP_SHA_256
openssl rand -hex 32 | tr -d '\\n' >hex
openssl enc -id-aes256-wrap-pad -iv A65959A6 -K "$(cat hex)" -in key.pkcs8 -out inner
`
    at.expectInTable(
      await at.failing(
        `${commands}wrap hex; cat inner >>wrapped; import "$1"`,
        key,
      ),
      /wrapped as hex text/,
    )
    at.expectInTable(
      await at.failing(
        `${commands}openssl rand -out aes 32; wrap aes
         cat inner wrapped >both; mv both wrapped; import "$1"`,
        key,
      ),
      /wrapped as hex text/,
    )
    at.expectInTable(
      await at.failing(`${commands}wrap key.pkcs8; import "$1"`, key),
      /wrapped with RSAES_OAEP, but/,
    )
  })

  test('of the token', async () => {
    const [key, other] = [await at.createKey(), await at.createKey()]
    at.expectInTable(
      await at.failing(
        'parameters "$1"; wrap key.pkcs8; import "$2"',
        key,
        other,
      ),
      /token is for another KMS key/,
    )
    // A token of the day before yesterday, made as this home makes them.
    const secret = await readFile(join(at.home.dataDir, 'kms', 'token-secret'))
    const old = ImportToken.encode(
      {
        keyId: key.split('/')[1] ?? '',
        wrappingKeyId: randomUUID(),
        algorithm: 'RSAES_OAEP_SHA_256',
        expiresAt: Date.now() - 86_400_000,
      },
      secret,
    )
    await writeFile(join(at.folder, 'old'), old)
    at.expectInTable(
      await at.failing(
        'parameters "$1"; wrap key.pkcs8; mv old token; import "$1"',
        key,
      ),
      /older than 24 hours/,
    )
  })

  test('of asking for parameters', async () => {
    const key = await at.createKey()
    const own = await at.createKey('AWS_KMS')
    await at.kms.send(
      new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: key }),
    )
    for (const [cause, ...args] of [
      [/without origin EXTERNAL/, own],
      [/old recipes/, key, 'RSAES_PKCS1_V1_5'],
      [/name is misspelled/, key, 'RSAES_OAEP_SHA256'],
      [/^An alias was used/, 'alias/a'],
      [/another Region or account/, randomUUID()],
      // The stack's key, of which the operator is neither user nor importer.
      [/^You are not allowed/, at.home.key.arn],
    ] as const)
      at.expectInTable(await at.failing('parameters "$@"', ...args), cause)
  })

  test('of the state of the KMS key', async () => {
    const key = await at.createKey()
    const ask = 'aws kms get-public-key --key-id "$1"'
    at.expectInTable(await at.failing(ask, key), /Nothing has been imported/)
    const own = await at.createKey('AWS_KMS')
    await at.kms.send(new DisableKeyCommand({ KeyId: own }))
    at.expectInTable(await at.failing(ask, own), /KMS key is disabled/)
    await at.kms.send(new ScheduleKeyDeletionCommand({ KeyId: key }))
    at.expectInTable(
      await at.failing('parameters "$1"', key),
      /deletion is sched/,
    )
  })

  test('are all of the table but those of another OpenSSL', () => {
    expect(
      at.rows.map(({ cause }) => cause).filter((cause) => !at.found.has(cause)),
    ).toEqual(['OpenSSL before 3 has no `-id-aes256-wrap-pad`'])
  })
})
