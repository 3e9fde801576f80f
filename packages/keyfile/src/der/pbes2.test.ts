import { generateKeyPairSync } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import {
  der,
  integer,
  octets,
  oid,
  sequence,
} from '../../../../test/support/der.js'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import { openssl } from '../../../../test/support/openssl.js'
import { password, readRefusal } from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)

describe('encrypted PKCS#8 that is hostile, old or damaged', () => {
  const key = openssl(['ecparam', '-name', 'secp256k1', '-genkey', '-noout'])
  const pass = ['-passout', `pass:${password}`]

  test('old schemes, until OpenSSL encrypts the key again', async () => {
    const legacy = ['-provider', 'legacy', '-provider', 'default']
    for (const scheme of ['PBE-SHA1-3DES', 'PBE-SHA1-RC4-128', 'PBE-MD5-DES']) {
      const old = openssl(
        ['pkcs8', '-topk8', '-v1', scheme, ...pass, ...legacy],
        key,
      )
      expect(await refusal({ content: old, password })).toBe(
        'invalid-key-file: The encrypted PKCS#8 key uses an old ' +
          'encryption scheme. Only PBES2 is allowed.',
      )
      const anew = openssl(
        [
          'pkcs8',
          '-topk8',
          '-v2',
          'aes-256-cbc',
          '-passin',
          `pass:${password}`,
          ...pass,
          ...legacy,
        ],
        old,
      )
      expect(await files.read({ content: anew, password })).toMatchObject({
        encrypted: true,
      })
    }
    const camellia = openssl(
      ['pkcs8', '-topk8', '-v2', 'camellia-256-cbc', ...pass],
      key,
    )
    expect(await refusal({ content: camellia, password })).toBe(
      'invalid-key-file: The encrypted PKCS#8 key uses the cipher 1.2.392.200011.61.1.1.1.4. Only AES and triple DES in CBC mode are allowed.',
    )
  })

  const aes = (iv: Buffer) =>
    sequence(der(0x06, Buffer.from('60864801650304012a', 'hex')), octets(iv))
  const pbkdf2 = (...parameters: Buffer[]) =>
    sequence(
      der(0x06, Buffer.from('2a864886f70d01050c', 'hex')),
      sequence(...parameters),
    )
  const scrypt = (...parameters: Buffer[]) =>
    sequence(
      der(0x06, Buffer.from('2b06010401da47040b', 'hex')),
      sequence(...parameters),
    )
  const encrypted = (
    kdf: Buffer,
    cipher = aes(Buffer.alloc(16)),
    text = Buffer.alloc(144),
  ) =>
    sequence(
      sequence(
        der(0x06, Buffer.from('2a864886f70d01050d', 'hex')),
        sequence(kdf, cipher),
      ),
      octets(text),
    )
  const salt = octets(Buffer.alloc(16))
  const broken = 'The encrypted PKCS#8 key has an invalid structure.'

  test.each([
    [
      '2^31 rounds',
      encrypted(pbkdf2(salt, integer(0, 0x80, 0, 0, 0))),
      'The encrypted PKCS#8 key needs 2147483648 rounds of PBKDF2, but at most 10000000 are allowed.',
    ],
    [
      'rounds beyond all numbers',
      encrypted(pbkdf2(salt, integer(...Buffer.alloc(40, 1)))),
      'The encrypted PKCS#8 key has a number of PBKDF2 rounds that is not a positive ' +
        'whole number.',
    ],
    [
      '0 rounds',
      encrypted(pbkdf2(salt, integer(0))),
      'The encrypted PKCS#8 key has a number of PBKDF2 rounds that is not a positive ' +
        'whole number.',
    ],
    [
      'a negative count',
      encrypted(pbkdf2(salt, integer(0xff))),
      'The encrypted PKCS#8 key lacks a number where one is expected.',
    ],
    [
      'scrypt with 2^40',
      encrypted(
        scrypt(salt, integer(1, 0, 0, 0, 0, 0), integer(8), integer(1)),
      ),
      'The encrypted PKCS#8 key has an scrypt parameter n that is not a power of 2 ' +
        'above 1.',
    ],
    [
      'scrypt with 4 GiB',
      encrypted(scrypt(salt, integer(0x40, 0, 0), integer(8), integer(1))),
      'The encrypted PKCS#8 key needs 4096 MiB of memory for scrypt, but at most 1024 MiB is allowed.',
    ],
    [
      'scrypt with r of 2^30',
      encrypted(scrypt(salt, integer(2), integer(0x40, 0, 0, 0), integer(1))),
      'The encrypted PKCS#8 key needs 262144 MiB of memory for scrypt, but at most 1024 MiB is allowed.',
    ],
    [
      'scrypt with p of 2^30',
      encrypted(scrypt(salt, integer(2), integer(1), integer(0x40, 0, 0, 0))),
      'The encrypted PKCS#8 key has scrypt parameters with a product n x r x p of 2147483648, but at most 16777216 is allowed.',
    ],
    [
      'scrypt with n of 3',
      encrypted(scrypt(salt, integer(3), integer(8), integer(1))),
      'The encrypted PKCS#8 key has an scrypt parameter n that is not a power of 2 ' +
        'above 1.',
    ],
    [
      'scrypt with p of 0',
      encrypted(scrypt(salt, integer(2), integer(8), integer(0))),
      'The encrypted PKCS#8 key has an scrypt parameter (n, r or p) that is ' +
        'not a positive whole number.',
    ],
    [
      'a salt of 2 KiB',
      encrypted(pbkdf2(octets(Buffer.alloc(2048)), integer(1))),
      'The encrypted PKCS#8 key has a salt of more than 1024 bytes.',
    ],
    [
      'a key of another length',
      encrypted(pbkdf2(salt, integer(1), integer(16))),
      broken,
    ],
    [
      'a short IV',
      encrypted(pbkdf2(salt, integer(1)), aes(Buffer.alloc(15))),
      broken,
    ],
    [
      'no ciphertext',
      encrypted(pbkdf2(salt, integer(1)), undefined, Buffer.alloc(0)),
      broken,
    ],
    [
      'half a block',
      encrypted(pbkdf2(salt, integer(1)), undefined, Buffer.alloc(40)),
      broken,
    ],
    [
      'an unknown PRF',
      encrypted(pbkdf2(salt, integer(1), sequence(oid('rsa'), der(0x05)))),
      'The encrypted PKCS#8 key uses PBKDF2 with the function 1.2.840.113549.1.1.1. Only HMAC with SHA-1 or SHA-2 is allowed.',
    ],
    [
      'an unknown derivation',
      encrypted(sequence(oid('rsa'), sequence(salt))),
      'The encrypted PKCS#8 key uses the key derivation function 1.2.840.113549.1.1.1. Only PBKDF2 and scrypt are allowed.',
    ],
    ['no salt', encrypted(pbkdf2()), broken],
    [
      'a member too much',
      encrypted(
        pbkdf2(salt, integer(1), integer(32), sequence(oid('rsa')), integer(1)),
      ),
      broken,
    ],
    [
      'a third member',
      sequence(...[encrypted(pbkdf2(salt, integer(1))).subarray(3), der(0x05)]),
      broken,
    ],
  ])('%s', async (_name, content, message) => {
    const start = Date.now()
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: ${message}`,
    )
    expect(Date.now() - start).toBeLessThan(5000)
  })

  test('the right password, but the content is not a key', async () => {
    const inside = generateKeyPairSync('ed25519').privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: password,
    })
    expect(await refusal({ content: inside, password })).toBe(
      'invalid-key-file: The PKCS#8 key is an Ed25519 key, but Ethereum keys are on the curve secp256k1.',
    )
  })
})
