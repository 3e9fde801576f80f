import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { buildKeystore } from '../../../../test/support/buildKeystore.js'
import {
  createKeyFiles,
  type Reading,
} from '../../../../test/support/keyFiles.js'
import {
  d,
  hex,
  password,
  readRefusal,
} from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)

describe('keystores that are hostile or damaged', () => {
  const good = buildKeystore(d, password)
  const { crypto } = good
  const withCrypto = (changes: object) => ({
    ...good,
    crypto: { ...crypto, ...changes },
  })
  const withParams = (changes: object) =>
    withCrypto({ kdfparams: { ...crypto.kdfparams, ...changes } })
  const other = new Wallet(`0x${'11'.repeat(32)}`).address

  test.each<[string, object | string, string]>([
    [
      'version 1',
      { ...good, version: 1 },
      'has version 1. Version 3 is expected.',
    ],
    ['version 2', { ...good, version: 2 }, 'has a version other than 3.'],
    ['version "3"', { ...good, version: '3' }, 'has a version other than 3.'],
    [
      'no version',
      { ...good, version: undefined },
      'has no version, so it is not an Ethereum keystore.',
    ],
    ['other JSON', '{}', 'has no version, so it is not an Ethereum keystore.'],
    ['no crypto', { version: 3 }, 'lacks crypto, or crypto is not an object.'],
    [
      'crypto a list',
      { version: 3, crypto: [] },
      'lacks crypto, or crypto is not an object.',
    ],
    [
      'both spellings',
      { ...good, Crypto: crypto },
      'has both crypto and Crypto.',
    ],
    ...['aes-128-cbc', 'aes-256-ctr', 'chacha20-poly1305'].map(
      (cipher): [string, object, string] => [
        `the cipher ${cipher}`,
        withCrypto({ cipher }),
        `is encrypted with ${cipher} instead of aes-128-ctr.`,
      ],
    ),
    ...[undefined, 5, '', hex, 'an\u001b[31m escape', 'x'.repeat(25)].map(
      (cipher): [string, object, string] => [
        `the cipher ${JSON.stringify(cipher)}`,
        withCrypto({ cipher }),
        'is encrypted with an unknown cipher instead of aes-128-ctr.',
      ],
    ),
    [
      'another kdf',
      withCrypto({ kdf: 'argon2id' }),
      'uses argon2id for key derivation. Only scrypt and pbkdf2 are allowed.',
    ],
    [
      'another prf',
      withCrypto({
        kdf: 'pbkdf2',
        kdfparams: { dklen: 32, c: 1, salt: '00', prf: 'hmac-sha1' },
      }),
      'uses PBKDF2 with hmac-sha1 instead of hmac-sha256.',
    ],
    [
      'a short key',
      withParams({ dklen: 16 }),
      'lacks kdfparams.dklen, or kdfparams.dklen is not 32.',
    ],
    [
      'a huge key',
      withParams({ dklen: 1e9 }),
      'lacks kdfparams.dklen, or kdfparams.dklen is not 32.',
    ],
    [
      'n of 2^30',
      withParams({ n: 2 ** 30 }),
      'needs 1048576 MiB of memory for scrypt, but at most 1024 MiB is allowed.',
    ],
    [
      'n of 1e300',
      withParams({ n: 1e300 }),
      'has an scrypt parameter (n, r or p) that is not a positive whole number.',
    ],
    [
      'n in text',
      withParams({ n: '2' }),
      'lacks kdfparams.n, or kdfparams.n is not a number.',
    ],
    [
      'n of 1',
      withParams({ n: 1 }),
      'has an scrypt parameter n that is not a power of 2 above 1.',
    ],
    [
      'n of -2',
      withParams({ n: -2 }),
      'has an scrypt parameter (n, r or p) that is not a positive whole number.',
    ],
    [
      'p of 2^30',
      withParams({ p: 2 ** 30 }),
      'has scrypt parameters with a product n x r x p of 17179869184, but at most 16777216 is allowed.',
    ],
    [
      'r of a half',
      withParams({ r: 0.5 }),
      'has an scrypt parameter (n, r or p) that is not a positive whole number.',
    ],
    [
      '2^31 rounds',
      withCrypto({
        kdf: 'pbkdf2',
        kdfparams: { dklen: 32, c: 2 ** 31, salt: '00', prf: 'hmac-sha256' },
      }),
      'needs 2147483648 rounds of PBKDF2, but at most 10000000 are allowed.',
    ],
    [
      'a salt that is no hex',
      withParams({ salt: 'zz' }),
      'lacks kdfparams.salt, or kdfparams.salt is not an even number of hex digits.',
    ],
    [
      'half a byte of salt',
      withParams({ salt: 'abc' }),
      'lacks kdfparams.salt, or kdfparams.salt is not an even number of hex digits.',
    ],
    [
      'a short mac',
      withCrypto({ mac: crypto.mac.slice(2) }),
      'has a mac of 31 bytes instead of 32.',
    ],
    [
      'a short iv',
      withCrypto({ cipherparams: { iv: '00' } }),
      'has a cipherparams.iv of 1 byte instead of 16.',
    ],
    [
      'no iv',
      withCrypto({ cipherparams: {} }),
      'lacks cipherparams.iv, or cipherparams.iv is not an even number of hex digits.',
    ],
    [
      'a long ciphertext',
      withCrypto({ ciphertext: `${crypto.ciphertext}00` }),
      'has a ciphertext of 33 bytes instead of 32.',
    ],
    [
      'no ciphertext',
      withCrypto({ ciphertext: '' }),
      'has a ciphertext of 0 bytes instead of 32.',
    ],
    [
      'an address that is none',
      { ...good, address: '0x12' },
      'has an address that is not 40 hex digits.',
    ],
    ['cut off', JSON.stringify(good).slice(0, -30), 'is not valid JSON.'],
    ['something after it', `${JSON.stringify(good)}{}`, 'is not valid JSON.'],
    [
      'a member twice',
      JSON.stringify(good).replace('{', '{"version":3,'),
      'has a duplicate member, and programs differ in which one they use.',
    ],
    [
      'a member twice, deep and escaped',
      JSON.stringify(good).replace('"mac":', '"m\\u0061c":"00","mac":'),
      'has a duplicate member, and programs differ in which one they use.',
    ],
    [
      'nested without end',
      `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`,
      'has no version, so it is not an Ethereum keystore.',
    ],
  ])('%s', async (_name, keystore, message) => {
    const content =
      typeof keystore === 'string' ? keystore : JSON.stringify(keystore)
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: The keystore ${message}`,
    )
  })

  test('the address of another key', async () => {
    const content = JSON.stringify({ ...good, address: other })
    expect(await refusal({ content, password })).toBe(
      `invalid-key-file: The keystore gives the address ${other.toLowerCase()}, but its key has the address ${new Wallet(`0x${hex}`).address}.`,
    )
  })

  test('a wrong password, or a change to any part that the MAC protects', async () => {
    const flip = (text: string) =>
      text.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))
    const rows: [object, string][] = [
      [good, 'another'],
      [good, ''],
      [good, `${password} `],
      [withCrypto({ mac: flip(crypto.mac) }), password],
      [withCrypto({ ciphertext: flip(crypto.ciphertext) }), password],
      [withParams({ salt: flip(crypto.kdfparams.salt) }), password],
      [withParams({ n: 4 }), password],
    ]
    for (const [keystore, password] of rows)
      expect(
        await refusal({ content: JSON.stringify(keystore), password }),
      ).toBe(
        "wrong-password: The keystore can't be decrypted with this password.",
      )
  })

  test('a changed IV is detected by the address', async () => {
    // By design of the format, the mac doesn't cover it.
    const changed = withCrypto({ cipherparams: { iv: '00'.repeat(16) } })
    const content = JSON.stringify({
      ...changed,
      address: new Wallet(`0x${hex}`).address,
    })
    expect(await refusal({ content, password })).toMatch(
      /^invalid-key-file: The keystore gives the address/,
    )
  })
})
