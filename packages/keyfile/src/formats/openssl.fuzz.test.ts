import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { anyPassword, anyScalar } from '../../../../test/support/anyKey.js'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { openssl } from '../../../../test/support/openssl.js'
import { readBytes } from '../../../../test/support/readBytes.js'
import { soak } from '../../../../test/support/tools.js'
import { fromScalar, toPkcs8 } from '../PrivateKey.js'
import { encodeKey } from '../write/encodeKey.js'

// OpenSSL gets the key in its own text form, and the test compares its files.

const files = createKeyFiles()
afterAll(() => files.dispose())

/** Created by OpenSSL's assembler; `openssl ec` adds the public key. */
function sec1By(hex: string): Buffer {
  const config = [
    'asn1 = SEQUENCE:key',
    '[key]',
    'version = INTEGER:1',
    `scalar = FORMAT:HEX,OCTETSTRING:${hex}`,
    'curve = EXPLICIT:0,OID:secp256k1',
  ]
  const path = files.write(config.join('\n'))
  openssl(['asn1parse', '-noout', '-genconf', path, '-out', `${path}.der`])
  return openssl(['ec', '-inform', 'DER'], readFileSync(`${path}.der`))
}

const derive = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('aes-128-cbc', 'aes-192-cbc', 'aes-256-cbc', 'des3'),
      fc.constantFrom('1', '224', '256', '384', '512'),
      fc.integer({ min: 1, max: 5000 }),
    )
    .map(([cipher, hash, rounds]) => [
      ...['-v2', cipher, '-v2prf', `hmacWithSHA${hash}`],
      ...['-iter', String(rounds)],
    ]),
  fc
    .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 9 }))
    .map(([bits, p]) => [
      ...['-scrypt', '-scrypt_N', String(2 ** bits)],
      ...['-scrypt_r', '8', '-scrypt_p', String(p)],
    ]),
)

describe('generated keys, compared with OpenSSL', () => {
  test('a key that OpenSSL encrypts is read, but only with its password', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyScalar,
        anyPassword,
        derive,
        async (hex, password, args) => {
          const passout = ['-passout', `pass:${password}`]
          const content = openssl(
            ['pkcs8', '-topk8', ...args, ...passout],
            sec1By(hex),
          )
          const read = await readBytes(content, { password })
          expect(read).toMatchObject({ hex, proven: true })
          await expect(
            readBytes(content, { password: `${password}x` }),
          ).rejects.toMatchObject({ code: 'wrong-password' })
        },
      ),
      { numRuns: soak ? 100 : 5 },
    )
  })

  const plain = ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER']

  test("PKCS#8 equals OpenSSL's, byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(anyScalar, async (hex) => {
        const key = fromScalar(Buffer.from(hex, 'hex'))
        expect(toPkcs8(key)).toEqual(openssl(plain, sec1By(hex)))
      }),
      { numRuns: soak ? 100 : 4 },
    )
  })

  test('OpenSSL opens encrypted keys that are written here', async () => {
    // Each takes a million rounds, twice.
    await fc.assert(
      fc.asyncProperty(anyScalar, anyPassword, async (hex, password) => {
        const key = fromScalar(Buffer.from(hex, 'hex'))
        const pem = await encodeKey(key, 'pkcs8', Buffer.from(password))
        const passin = ['-passin', `pass:${password}`]
        expect(openssl([...plain, ...passin], pem)).toEqual(toPkcs8(key))
      }),
      { numRuns: 2 },
    )
  })
})
