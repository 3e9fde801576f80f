import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { createKeyFiles } from '../../../../test/support/keyFiles.js'
import { readError } from '../../../../test/support/readRefusal.js'

const files = createKeyFiles()
afterAll(() => files.dispose())

const hex = (length: number) => randomBytes(length).toString('hex')
const base64 = (length: number) => randomBytes(length).toString('base64')
const vault = { data: base64(400), iv: base64(16), salt: base64(32) }

/** The example from EIP-2335. */
const validator = {
  crypto: {
    kdf: {
      function: 'scrypt',
      params: {
        dklen: 32,
        n: 262144,
        p: 1,
        r: 8,
        salt: 'd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
      },
      message: '',
    },
    checksum: {
      function: 'sha256',
      params: {},
      message:
        'd2217fe5f3e9a1e34581ef8a78f7c9928e436d36dacc5e846690a5581e8ea484',
    },
    cipher: {
      function: 'aes-128-ctr',
      params: { iv: '264daa3f303d7259501c93d997d84fe6' },
      message:
        '06ae90d55fe0a6e9c5c3bc5b170827b2e5cce3929ed3f116c2811e6366dfe20f',
    },
  },
  description: 'This is a test keystore that uses scrypt to secure the secret.',
  pubkey:
    '9612d7a727c9d0a22e185a1c768478dfe919cada9266988cb32359c11f2b7b27f4ae4040902382ae2910c15e2b420d07',
  path: 'm/12381/60/3141592653/589793238',
  uuid: '1d85ae20-35c5-4611-98e8-aa14a633906f',
  version: 4,
}

/** As geth wrote it until 2015. */
const version1 = {
  address: hex(20),
  Crypto: {
    cipher: 'aes-128-cbc',
    ciphertext: hex(48),
    cipherparams: { iv: hex(16) },
    kdf: 'scrypt',
    kdfparams: { n: 262144, r: 8, p: 1, dklen: 32, salt: hex(32) },
    mac: hex(32),
    version: '1',
  },
  id: 'e25f7c1f-d318-4f29-b62c-687190d4d299',
  version: '1',
}

test.each<[string, object, string, string]>([
  [
    'a validator',
    validator,
    "The keystore contains a validator's BLS key (EIP-2335).",
    'Pass the key of the account that deposits or withdraws.',
  ],
  [
    'version 1',
    version1,
    'The keystore has version 1. Version 3 is expected.',
    'geth account update ADDRESS',
  ],
  [
    'the presale',
    {
      encseed: hex(80),
      ethaddr: hex(20),
      email: 'a@b',
      btcaddr: 'x',
      bkp: 'y',
    },
    "The keystore is a wallet from Ethereum's 2014 presale.",
    'geth wallet import FILE',
  ],
  ...[
    vault,
    { ...vault, keyMetadata: { algorithm: 'PBKDF2', params: {} } },
    { vault: JSON.stringify(vault) },
    { KeyringController: { vault: JSON.stringify(vault) } },
    { data: { KeyringController: {} }, meta: { version: 100 } },
  ].map((content): [string, object, string, string] => [
    `a vault with ${Object.keys(content)}`,
    content,
    "The keystore is a browser wallet's vault, such as MetaMask's, with all " +
      'its accounts.',
    'pass that key with --in -.',
  ]),
])('%s', async (_name, content, shortMessage, todo) => {
  const text = JSON.stringify(content)
  const error = await readError(files, { content: text, password: 'x' })
  expect(error).toMatchObject({ code: 'invalid-key-file', shortMessage })
  expect(error.message).toContain(todo)
})
