import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as ImportToken from './import/ImportToken.js'
import * as Pkcs8 from './import/Pkcs8.js'
import { wrappingAlgorithms } from './import/WrappingAlgorithm.js'
import * as KeyIdentifier from './KeyIdentifier.js'

const order = secp256k1.Point.Fn.ORDER
const scalar = fc.oneof(
  fc.bigInt({ min: 1n, max: order - 1n }),
  // Leading zero bytes, which a careless encoder drops.
  fc.bigInt({ min: 1n, max: 1n << 200n }),
)
const toBytes = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex')

const tlv = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  const size =
    body.length < 0x80
      ? [body.length]
      : body.length < 0x100
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), body])
}
const version = (value: number) => tlv(0x02, Buffer.of(value))
const algorithm = Buffer.from('301006072a8648ce3d020106052b8104000a', 'hex')
const curve = tlv(0xa0, Buffer.from('06052b8104000a', 'hex'))
const bits = (point: Uint8Array, tag = 0x03) => tlv(tag, Buffer.of(0), point)

const pkcs8Of = (
  secret: Uint8Array,
  options: {
    inner?: Uint8Array[]
    outer?: Uint8Array[]
    version?: number
  } = {},
): Buffer =>
  tlv(
    0x30,
    version(options.version ?? 0),
    algorithm,
    tlv(
      0x04,
      tlv(0x30, version(1), tlv(0x04, secret), ...(options.inner ?? [])),
    ),
    ...(options.outer ?? []),
  )

test('PKCS #8 is read in every form that the standards allow', () => {
  fc.assert(
    fc.property(scalar, fc.boolean(), (d, compressed) => {
      const secret = toBytes(d)
      const point = secp256k1.getPublicKey(secret, compressed)
      const publicKey = secp256k1.getPublicKey(secret, false)
      const expected = { privateKey: new Uint8Array(secret), publicKey }
      const inner = tlv(0xa1, bits(point))
      for (const der of [
        pkcs8Of(secret),
        pkcs8Of(secret, { inner: [curve] }),
        pkcs8Of(secret, { inner: [inner] }),
        pkcs8Of(secret, { inner: [curve, inner] }),
        pkcs8Of(secret, { outer: [tlv(0xa0)] }),
        pkcs8Of(secret, { version: 1, outer: [bits(point, 0x81)] }),
        pkcs8Of(secret, { version: 1, outer: [tlv(0xa0), bits(point, 0x81)] }),
      ])
        expect(Pkcs8.readPrivateKey(der)).toEqual(expected)
    }),
    { numRuns: 50 },
  )
})

test('a key out of range, of another length or another public key is refused', () => {
  const good = toBytes(5n)
  const foreign = secp256k1.getPublicKey(toBytes(6n), false)
  const own = secp256k1.getPublicKey(good, false)
  for (const [der, refused] of [
    [pkcs8Of(toBytes(0n)), 'its private key is not 32 bytes in 1..n-1'],
    [pkcs8Of(toBytes(order)), 'its private key is not 32 bytes in 1..n-1'],
    [pkcs8Of(good.subarray(1)), 'its private key is not 32 bytes in 1..n-1'],
    [
      pkcs8Of(good, { inner: [tlv(0xa1, bits(foreign))] }),
      'its public key does not belong to its private key',
    ],
    [
      pkcs8Of(good, { version: 1, outer: [bits(foreign, 0x81)] }),
      'its public key does not belong to its private key',
    ],
    [
      pkcs8Of(good, { outer: [bits(own, 0x81)] }),
      'there are members that PKCS #8 does not have',
    ],
    [
      pkcs8Of(good, { inner: [tlv(0xa1, bits(own)), curve] }),
      'it contains no ECPrivateKey of version 1',
    ],
    [pkcs8Of(good, { version: 2 }), 'its PKCS #8 version is neither 1 nor 2'],
    [
      Buffer.concat([pkcs8Of(good), Buffer.of(0)]),
      'it is not a PKCS #8 private key in DER',
    ],
    // Indefinite and over-long lengths are BER, not DER.
    [
      Buffer.concat([Buffer.of(0x30, 0x80), pkcs8Of(good).subarray(2)]),
      'it is not a PKCS #8 private key in DER',
    ],
    [
      Buffer.concat([Buffer.of(0x30, 0x81, 62), pkcs8Of(good).subarray(2)]),
      'it is not a PKCS #8 private key in DER',
    ],
  ] as const)
    expect(Pkcs8.readPrivateKey(der)).toEqual({ refused })
})

test('explicit curve parameters are refused', () => {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'secp256k1',
    paramEncoding: 'explicit',
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  })
  expect(Pkcs8.readPrivateKey(privateKey)).toEqual({
    refused: 'its curve is not named secp256k1 (1.3.132.0.10)',
  })
})

test('changed PKCS #8 never throws and never gives another key', () => {
  const secret = toBytes(0x1234567890abcdefn << 100n)
  const point = secp256k1.getPublicKey(secret, false)
  const der = pkcs8Of(secret, { inner: [tlv(0xa1, bits(point))] })
  const good = Pkcs8.readPrivateKey(der)
  fc.assert(
    fc.property(
      fc.nat(der.length - 1),
      fc.nat(255),
      fc.nat(der.length),
      (at, value, length) => {
        const changed = Buffer.from(der)
        changed[at] = value
        // The one other good value of any byte: version 2 (RFC 5958), which
        // has the same members as version 1 and may have more.
        const version2 = at === der.indexOf(Buffer.of(2, 1, 0)) + 2
        const same = value === der[at] || (version2 && value === 1)
        const read = Pkcs8.readPrivateKey(changed)
        // With the public key inside, no other byte can change unnoticed.
        expect('refused' in read).toBe(!same)
        if (same) expect(read).toEqual(good)
        if (length < der.length)
          expect(Pkcs8.readPrivateKey(der.subarray(0, length))).toHaveProperty(
            'refused',
          )
      },
    ),
    { numRuns: soak ? 300 : 50 },
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(Pkcs8.readPrivateKey(bytes)).toHaveProperty('refused')
    }),
  )
})

test('tokens come back as they were, and only with their secret', () => {
  const secret = randomBytes(32)
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.uuid(),
      fc.constantFrom(...wrappingAlgorithms),
      fc.nat(Number.MAX_SAFE_INTEGER),
      fc.uint8Array({ maxLength: 100 }),
      (keyId, wrappingKeyId, algorithm, expiresAt, noise) => {
        const token = { keyId, wrappingKeyId, algorithm, expiresAt }
        const bytes = ImportToken.encode(token, secret)
        expect(ImportToken.decode(bytes, secret)).toEqual(token)
        expect(ImportToken.decode(bytes, randomBytes(32))).toBeUndefined()
        expect(ImportToken.decode(noise, secret)).toBeUndefined()
      },
    ),
  )
})

test('key identifiers are read or refused in words', () => {
  const place = { accountId: '000000000000', region: 'us-east-1' }
  const types = ['NotFoundException', 'InvalidArnException']
  const typeOf = (value: string): string => {
    try {
      return KeyIdentifier.parse(value, place).type
    } catch (error) {
      return (error as { type: string }).type
    }
  }
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `arn:${rest}`),
        fc.string().map((rest) => `arn:aws:kms:us-east-1:000000000000:${rest}`),
      ),
      (value) => {
        const type = typeOf(value)
        if (!value.includes('alias/')) expect(types).toContain(type)
      },
    ),
  )
  fc.assert(
    fc.property(
      fc.uuid(),
      fc.stringMatching(/^[a-zA-Z0-9/_-]+$/),
      (id, name) => {
        const arn = 'arn:aws:kms:us-east-1:000000000000'
        const key = { type: 'key', keyId: id }
        expect(KeyIdentifier.parse(id, place)).toEqual(key)
        expect(KeyIdentifier.parse(`${arn}:key/${id}`, place)).toEqual(key)
        const alias = { type: 'alias', name: `alias/${name}` }
        expect(KeyIdentifier.parse(alias.name, place)).toEqual(alias)
        expect(KeyIdentifier.parse(`${arn}:alias/${name}`, place)).toEqual(
          alias,
        )
      },
    ),
  )
})
