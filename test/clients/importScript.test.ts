import { DescribeKeyCommand } from '@aws-sdk/client-kms'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toPem } from '../support/keyPem.js'
import {
  type ImportScript,
  openImportScript,
} from '../support/openImportScript.js'
import { soak, without } from '../support/tools.js'

// scripts/import-key.sh as it is, with Debian's aws and OpenSSL.

describe.skipIf(without('aws') || without('openssl'))('import-key.sh', () => {
  let at: ImportScript
  beforeAll(async () => {
    at = await openImportScript()
  })
  afterAll(() => at.close())

  const wrappings = [
    ['rsa-oaep', 'RSAES_OAEP_SHA_256', 'RSA_2048'],
    ['rsa-aes', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096'],
  ] as const
  test.each(wrappings.slice(0, soak ? 2 : 1))(
    'imports by %s, shows nothing secret, and leaves nothing',
    async (wrapping, algorithm, spec) => {
      const key = await at.newKey(`${wrapping}.pem`)
      const watched = await at.watch(`watch-${wrapping}`, {})
      const { code, stdout, stderr } = await at.importKey(
        [
          ...['--create', `alias/${wrapping}`, '--pem', key.file],
          ...['--wrapping', wrapping, '--expect-address', key.address],
        ],
        watched,
      )
      const { KeyMetadata } = await at.kms.send(
        new DescribeKeyCommand({ KeyId: `alias/${wrapping}` }),
      )
      const arn = KeyMetadata?.Arn
      expect({ code, stdout }, stderr).toEqual({
        code: 0,
        stdout: `address     ${key.address}\npublic key  ${key.publicHex}\nkey         ${arn}\n`,
      })
      expect(stderr).toContain(`local home ${at.home.ready.endpoint}`)
      expect(stderr).toContain(`${spec} for ${algorithm}`)
      expect(stderr).toContain(`shred -u ${key.file}`)
      const seen = await watched.seen()
      expect(seen).toContain('import-key-material')
      for (const form of secretForms(key.secret))
        expect(seen).not.toContain(form)
      expect(new Set((await watched.modes()).trim().split('\n'))).toEqual(
        new Set(['700']),
      )
      expect(await watched.left()).toEqual([])

      // Its calls of aws take seconds, most of them Python's start.
      if (!soak) return
      const next = await at.newKey(`next to ${wrapping}.pem`)
      const other = await at.importKey([
        ...['--pem', next.file, '--key-id', `alias/${wrapping}`],
      ])
      expect(other.code).toBe(1)
      expect(other.stderr).toContain(
        `belongs to another account: ${key.address}`,
      )
      expect(other.stderr).not.toContain('To continue')
    },
    300_000,
  )

  test.each(soak ? [1, 2, 255, 256] : [1])(
    'the address of a key with leading zeros: %i',
    async (number) => {
      const secret = `0x${number.toString(16).padStart(64, '0')}` as Hex
      await at.keyFile('small.pem', toPem(secret))
      const { stderr } = await at.refusedBeforeKms('small.pem')
      expect(stderr).toContain(`  ${privateKeyToAccount(secret).address}\n`)
    },
  )

  test("the address of random keys is viem's, in EIP-55's mixed case", async () => {
    for (let count = 0; count < (soak ? 10 : 1); count++) {
      const key = await at.newKey('random.pem')
      const { stderr } = await at.refusedBeforeKms(key.file)
      expect(stderr).toContain(`  ${key.address}\n`)
    }
  })

  test.runIf(soak)(
    'waits for a KMS key that was made a moment ago',
    async () => {
      const key = await at.newKey('late.pem')
      const late = await at.watch('late-bin', {
        before: `if [[ $args == *describe-key* && ! -e '${at.folder}/late' ]]; then
  touch '${at.folder}/late'
  echo 'An error occurred (NotFoundException) when calling DescribeKey' >&2
  exit 254
fi`,
      })
      const args = [
        '--key-id',
        await at.createKey('EXTERNAL'),
        '--pem',
        key.file,
      ]
      const { code, stdout, stderr } = await at.importKey(args, late)
      expect(code, stderr).toBe(0)
      expect(stderr).toContain('DescribeKey: KMS might not show the change yet')
      expect(stdout).toContain(key.address)
    },
  )

  describe('refuses a private key', () => {
    const cases: [string, () => string, RegExp][] = [
      [
        'with another public key',
        () => toPem(2n, privateKeyToAccount(`0x${'11'.repeat(32)}`).publicKey),
        /its public key doesn't match/,
      ],
      ['that is raw hex', () => '11'.repeat(32), /is not PEM/],
      ['of zero', () => toPem(0n), /says that this key is invalid/],
      [
        'of the order of the curve',
        () =>
          toPem(
            0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
          ),
        /says that this key is invalid/,
      ],
      ['that is too large', () => 'x'.repeat(70_000), /is too large for a key/],
      [
        'that is damaged',
        () => toPem(5n).replace('\nMIGE', '\n????'),
        /can't read bad\.pem as a private key/,
      ],
      ['that is empty', () => '', /is not PEM/],
    ]
    test.each(cases)('%s', async (_, pem, reason) => {
      await at.keyFile('bad.pem', pem())
      const { code, stdout, stderr } = await at.importKey([
        ...['--key-id', at.home.key.arn, '--pem', 'bad.pem'],
      ])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(reason)
      expect(stderr).not.toContain('1111')
    })
  })

  describe('goes to KMS only', () => {
    const elsewhere = [
      ['http://example.com', 'Plain http to example.com'],
      ['https://example.com', "example.com is not Amazon's KMS"],
      [
        'https://kms.us-east-1.amazonaws.com.example.com',
        "is not Amazon's KMS",
      ],
      [
        'https://abc.execute-api.us-east-1.amazonaws.com',
        "is not Amazon's KMS",
      ],
      [
        'https://kms.us-east-1.amazonaws.com@example.com',
        'an endpoint must be',
      ],
      ['ftp://example.com', 'an endpoint must be'],
    ] as const
    test.each(soak ? elsewhere : elsewhere.slice(0, 3))(
      'not to %s',
      async (url, reason) => {
        await at.keyFile('seven.pem', toPem(7n))
        const args = ['--key-id', 'x', '--pem', 'seven.pem']
        for (const ran of [
          await at.importKey([...args, '--endpoint-url', url]),
          await at.importKey(args, { env: { AWS_ENDPOINT_URL_KMS: url } }),
        ]) {
          expect(ran.code).toBeGreaterThan(0)
          expect(ran.stderr).toContain(reason)
          expect(ran.stderr).not.toContain('Ethereum address')
        }
      },
    )
  })

  describe('is used', () => {
    const seven = ['--pem', 'seven.pem']
    const wrongly: [string[], string][] = [
      [['11'.repeat(32)], 'keys are never arguments'],
      [[`--${'11'.repeat(32)}`], "the flag --111111111111111111 doesn't exist"],
      [[], 'pass the private key with --pem FILE'],
      [seven, 'pass the KMS key with --key-id KEY'],
      [[...seven, '--key-id', 'a', '--create', 'b'], 'not both'],
      [[...seven, '--generate', '--key-id', 'a'], 'not both'],
      [['--generate', '--key-id', 'a'], '--generate needs --out FILE'],
      [[...seven, '--key-id'], '--key-id needs a value'],
      [[...seven, '--key-id', '--yes'], '--key-id needs a value'],
      [[...seven, '--key-id', 'a', '--yes=no'], '--yes takes no value'],
      [
        [...seven, '--key-id', 'a', '--out', 'seven.pem'],
        "exists and won't be overwritten",
      ],
      [[...seven, '--key-id', 'a', '--out', 'no/such/x'], "doesn't exist"],
      [[...seven, '--key-id', 'a', '--wrapping', 'none'], '--wrapping must be'],
      [
        [...seven, '--key-id', 'a', '--password-fd', '77'],
        'descriptor 77 is not open',
      ],
      [[...seven, '--key-id', 'a', '--policy', 'p'], '--policy needs'],
      [[...seven, '--create', 'a b'], '--create takes an alias'],
      [[...seven, '--key-id', 'a', '--expect-address', '0x1'], '40 hex digits'],
    ]
    test.each(soak ? wrongly : wrongly.slice(0, 5))(
      'wrongly: %j',
      async (args, reason) => {
        await at.keyFile('seven.pem', toPem(7n))
        const { code, stdout, stderr } = await at.importKey(args)
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain(reason)
        expect(stderr).not.toContain('11'.repeat(11))
      },
    )
  })
})

/** The ways in which the bytes of a key could appear in text. */
function secretForms(secret: Hex): string[] {
  const bytes = Buffer.from(secret.slice(2), 'hex')
  const pem = toPem(secret).split('\n').slice(1, -2)
  return [
    bytes.toString('hex'),
    bytes.toString('latin1'),
    bytes.toString('base64').slice(0, 40),
    ...pem,
  ]
}
