import { Wallet } from 'ethers'
import { afterAll, describe, expect, test } from 'vitest'
import { buildKeystore } from '../../../test/support/buildKeystore.js'
import { cast } from '../../../test/support/cast.js'
import { order, toBytes } from '../../../test/support/curve.js'
import {
  embedded,
  namedCurve,
  pem,
  pkcs8,
  sec1,
} from '../../../test/support/der.js'
import { createKeyFiles, type Reading } from '../../../test/support/keyFiles.js'
import { byEthers } from '../../../test/support/newKey.js'
import { openssl } from '../../../test/support/openssl.js'
import {
  password,
  point,
  readRefusal,
} from '../../../test/support/readRefusal.js'
import { toPkcs8 } from './PrivateKey.js'

const files = createKeyFiles()
afterAll(() => files.dispose())
const refusal = (reading: Reading) => readRefusal(files, reading)
const { readHex } = files

describe('the bounds of a key', () => {
  test.each([
    ['0', 0n, 'The private key is 0.'],
    ['n', order, 'The private key is not below the order of secp256k1.'],
    [
      'n + 1',
      order + 1n,
      'The private key is not below the order of secp256k1.',
    ],
    [
      '2^256 - 1',
      2n ** 256n - 1n,
      'The private key is not below the order of secp256k1.',
    ],
  ])('d = %s, in each format', async (_name, value, message) => {
    const scalar = toBytes(value)
    const contents: Reading[] = [
      { stdin: scalar.toString('hex') },
      { content: sec1(scalar, namedCurve, embedded(point)) },
      { content: pkcs8(sec1(scalar)) },
      { content: pem('PRIVATE KEY', pkcs8(sec1(scalar, embedded(point)))) },
      { content: JSON.stringify(buildKeystore(scalar, password)), password },
    ]
    for (const reading of contents)
      expect(await refusal(reading)).toBe(`invalid-key-file: ${message}`)
  })

  test('d = n - 1 and d = 1 are keys', async () => {
    for (const value of [1n, order - 1n]) {
      const key = await files.read({ content: pkcs8(sec1(toBytes(value))) })
      expect(key.address).toBe(
        new Wallet(`0x${toBytes(value).toString('hex')}`).address,
      )
    }
  })
})

describe('keys with leading zero bytes', () => {
  const scalars = [1, 2, 8, 31].map((zeros) =>
    Buffer.concat([
      Buffer.alloc(zeros),
      Buffer.alloc(32 - zeros, 0x5a),
    ]).toString('hex'),
  )
  test.each(scalars)('%s', async (scalar) => {
    const wallet = new Wallet(`0x${scalar}`)
    const expected = { hex: scalar, address: wallet.address }
    expect(await readHex({ stdin: scalar })).toMatchObject(expected)
    const key = await files.read({ stdin: scalar })
    const pkcs8 = toPkcs8(key)
    // OpenSSL accepts it, and rewrites it in each form.
    openssl(['pkey', '-inform', 'DER', '-check', '-noout'], pkcs8)
    for (const args of [
      ['pkey'],
      ['ec'],
      ['ec', '-no_public'],
      ['pkey', '-outform', 'DER'],
    ]) {
      const content = openssl([...args, '-inform', 'DER'], pkcs8)
      expect(await readHex({ content })).toMatchObject(expected)
    }
    const written = byEthers(wallet.privateKey, password)
    expect(await readHex({ content: written, password })).toMatchObject(
      expected,
    )
    // Written by wallets that treated the key as a number.
    const stripped = Buffer.from(scalar.replace(/^(00)+/, ''), 'hex')
    const content = JSON.stringify(buildKeystore(stripped, password))
    expect(await readHex({ content, password })).toMatchObject(expected)
    expect(cast('wallet', 'address', '--private-key', `0x${scalar}`)).toBe(
      wallet.address,
    )
  })
})
