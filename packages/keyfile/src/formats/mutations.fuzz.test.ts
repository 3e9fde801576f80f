import { randomBytes } from 'node:crypto'
import { BaseError } from '@keyward/core'
import { Wallet } from 'ethers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildKeystore } from '../../../../test/support/buildKeystore.js'
import { multiply } from '../../../../test/support/curve.js'
import {
  embedded,
  namedCurve,
  pem,
  pkcs8,
  sec1,
} from '../../../../test/support/der.js'
import { openssl } from '../../../../test/support/openssl.js'
import { readBytes } from '../../../../test/support/readBytes.js'
import { soak } from '../../../../test/support/tools.js'
import { parsePublicKey } from '../parsePublicKey.js'

// A damaged or malicious file never silently yields another key, never takes
// long, and always ends in one of our errors.

const d = Buffer.from('00a1b2c3d4e5f60718293a4b5c6d7e8f'.repeat(2), 'hex')
const hex = d.toString('hex')
const { address } = new Wallet(`0x${hex}`)
const point = multiply(BigInt(`0x${hex}`))
const password = 'correct horse'

/** Every place in soak, every 23rd here. */
const step = soak ? 1 : 23

const inSec1 = sec1(d, namedCurve, embedded(point))
const inPkcs8 = pkcs8(sec1(d, embedded(point)))
const pass = ['-passout', `pass:${password}`]
const encrypt = (...args: string[]) =>
  openssl(['pkcs8', '-topk8', '-inform', 'DER', ...args, ...pass], inPkcs8)
const keystore = {
  ...buildKeystore(d, password),
  address: address.slice(2).toLowerCase(),
}

/** Each contains data that shows that it is intact. */
const files: Record<string, Buffer> = {
  'SEC1 in DER': inSec1,
  'SEC1 in PEM': Buffer.from(pem('EC PRIVATE KEY', inSec1)),
  'PKCS#8 in DER': inPkcs8,
  'PKCS#8 in PEM': Buffer.from(pem('PRIVATE KEY', inPkcs8)),
  'encrypted PKCS#8 in DER': encrypt('-outform', 'DER', '-iter', '1'),
  'encrypted PKCS#8 in PEM, scrypt': encrypt('-scrypt', '-scrypt_N', '2'),
  'encrypted SEC1 in PEM': openssl(
    ['ec', '-inform', 'DER', '-aes128', ...pass],
    inSec1,
  ),
  'V3 keystore': Buffer.from(JSON.stringify(keystore)),
}

async function read(content: Buffer): Promise<string> {
  const { hex, address } = await readBytes(content, { password })
  expect(new Wallet(`0x${hex}`).address).toBe(address)
  return address
}

/** The same key, or one of our errors that reveals nothing about it. */
async function isSafe(content: Buffer): Promise<void> {
  const start = performance.now()
  try {
    expect(await read(content)).toBe(address)
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
    expect(['invalid-key-file', 'wrong-password']).toContain(error.code)
    const said = `${error.message}${error.stack}`
    expect(said).not.toContain(hex)
    expect(said).not.toContain(d.toString('base64').slice(2, 20))
  }
  // The limits allow some seconds; a change of one byte in a count may ask
  // for them.
  expect(performance.now() - start).toBeLessThan(30_000)
}

describe.each(Object.entries(files))('%s', (_name, file) => {
  test('is read unchanged', async () => {
    expect(await read(file)).toBe(address)
  })

  test('cut off anywhere', async () => {
    for (let length = 0; length < file.length; length += step)
      await isSafe(file.subarray(0, length))
    for (let start = 1; start < file.length; start += 3 * step)
      await isSafe(file.subarray(start))
  })

  test('with any bit flipped', async () => {
    for (let at = 0; at < file.length; at += step) {
      const changed = Buffer.from(file)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      await isSafe(changed)
    }
  })

  test('with bytes changed, inserted, removed or repeated', async () => {
    const place = fc.nat(file.length - 1)
    const change = fc.record({
      at: place,
      remove: fc.nat(8),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 8 }),
        fc.constantFrom(
          Buffer.from([0x30, 0x80]),
          Buffer.from([0x84, 0xff, 0xff, 0xff, 0xff]),
          Buffer.from('{"version":3,'),
          Buffer.from('-----END PRIVATE KEY-----\n'),
          Buffer.from('9'),
          Buffer.from('\r\n'),
        ),
        place.map((from) => file.subarray(from, from + 16)),
      ),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 3 }),
        async (changes) => {
          let content = file
          for (const { at, remove, insert } of changes)
            content = Buffer.concat([
              content.subarray(0, at),
              insert,
              content.subarray(at + remove),
            ])
          await isSafe(content)
        },
      ),
      { numRuns: soak ? 300 : 20 },
    )
  })
})

test('any bytes at all', async () => {
  const start = fc.constantFrom(
    '',
    '0',
    '{',
    '-----BEGIN ',
    '\u0002',
    'abandon ',
  )
  await fc.assert(
    fc.asyncProperty(
      start,
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 300 }).map((text) => Buffer.from(text)),
        fc.json().map((text) => Buffer.from(text)),
      ),
      async (prefix, bytes) => {
        const content = Buffer.concat([Buffer.from(prefix), bytes])
        await expect(read(content)).rejects.toBeInstanceOf(BaseError)
        expect(() => parsePublicKey(content)).toThrow(BaseError)
      },
    ),
    { numRuns: soak ? 1000 : 100 },
  )
})

/** None of them is supported, and each contains the key. */
const foreign: Record<string, string> = {
  'a JWK': JSON.stringify({
    kty: 'EC',
    crv: 'secp256k1',
    d: d.toString('base64url'),
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }),
  'a list of numbers': JSON.stringify([...d]),
  'a PEM on one line': pem('PRIVATE KEY', inPkcs8).replaceAll('\n', ''),
  'a vault': JSON.stringify({ data: hex, iv: 'x', salt: 'y' }),
  'a keystore in the clear': JSON.stringify({ version: 3, crypto: hex }),
}

test.each(Object.entries(foreign))(
  '%s, cut off or with any bit flipped, is never repeated in an error',
  async (_name, text) => {
    const file = Buffer.from(text)
    const part = d.toString('base64').slice(4, 16)
    const isRefused = async (content: Buffer) => {
      const error = await read(content).catch((error: Error) => error)
      expect(error).toMatchObject({ code: 'invalid-key-file' })
      for (const secret of [hex.slice(8, 24), part, [...d].slice(4, 9).join()])
        expect(`${(error as Error).stack}`).not.toContain(secret)
    }
    for (let at = 0; at < file.length; at++) {
      await isRefused(file.subarray(0, at))
      const changed = Buffer.from(file)
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8))
      await isRefused(changed)
    }
  },
)

test('any keystore of the right form', async () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      0,
      -1,
      1.5,
      2 ** 31,
      2 ** 53,
      1e300,
      '',
      '0x',
      'aes-128-ctr',
      'scrypt',
      'pbkdf2',
      'hmac-sha256',
      32,
      '00',
    ),
  )
  const names = [
    'version',
    'address',
    'crypto.cipher',
    'crypto.cipherparams',
    'crypto.cipherparams.iv',
    'crypto.ciphertext',
    'crypto.kdf',
    'crypto.kdfparams',
    'crypto.kdfparams.n',
    'crypto.kdfparams.r',
    'crypto.kdfparams.p',
    'crypto.kdfparams.dklen',
    'crypto.kdfparams.salt',
    'crypto.mac',
  ]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      value,
      async (name, changed) => {
        const copy = JSON.parse(JSON.stringify(keystore))
        const path = name.split('.')
        const last = path.pop() ?? ''
        const parent = path.reduce((at, step) => at[step] ?? at, copy)
        parent[last] = changed
        await isSafe(Buffer.from(JSON.stringify(copy)))
      },
    ),
    { numRuns: soak ? 500 : 50 },
  )
})

test('random keys survive a round trip through every format', async () => {
  for (let i = 0; i < 100; i++) {
    const scalar = randomBytes(32)
    if (i % 4 === 0) scalar.fill(0, 0, 1 + (i % 5))
    const wallet = new Wallet(`0x${scalar.toString('hex')}`)
    const point = Buffer.from(wallet.signingKey.publicKey.slice(2), 'hex')
    for (const content of [
      sec1(scalar, namedCurve, embedded(point)),
      Buffer.from(pem('PRIVATE KEY', pkcs8(sec1(scalar, embedded(point))))),
      Buffer.from(JSON.stringify(buildKeystore(scalar, password))),
      Buffer.from(scalar.toString('hex')),
    ])
      expect(await read(content)).toBe(wallet.address)
  }
})
