import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { multiply, randomScalar } from '../../../test/support/curve.js'
import { toSpki } from '../../../test/support/memoryKeyService.js'
import * as PublicKey from './PublicKey.js'

const point = multiply(1n)
const spki = toSpki(point)

const allowed =
  'Allowed: SubjectPublicKeyInfo in DER, 88 bytes, named curve secp256k1, uncompressed point. Create the KMS key with KeySpec ECC_SECG_P256K1.\nSee docs/errors/invalid-public-key.md'

function refusal(der: Uint8Array): string {
  try {
    PublicKey.fromSpki(der)
  } catch (error) {
    expect(error).toBeInstanceOf(PublicKey.InvalidPublicKeyError)
    const { message, name, code } = error as PublicKey.InvalidPublicKeyError
    expect({ name, code }).toEqual({
      name: 'InvalidPublicKeyError',
      code: 'invalid-public-key',
    })
    return message
  }
  return 'accepted'
}

function message(reason: string): string {
  return `Not a secp256k1 public key: ${reason}.\n${allowed}`
}

describe('fromSpki', () => {
  test("reads OpenSSL's encoding of a key", () => {
    expect(Buffer.from(PublicKey.fromSpki(spki))).toEqual(point)
  })

  test("copies, so a reused buffer can't change the key", () => {
    const reused = Buffer.from(spki)
    const publicKey = PublicKey.fromSpki(reused)
    reused.fill(0)
    expect(Buffer.from(publicKey)).toEqual(point)
  })

  test.each([
    ['prime256v1', 'it is on the curve NIST P-256'],
    ['secp384r1', 'it is on the curve NIST P-384'],
    ['secp521r1', 'it is on the curve NIST P-521'],
    [
      'brainpoolP256r1',
      'it is not a DER-encoded SubjectPublicKeyInfo of an EC key',
    ],
  ])('names the curve %s', (namedCurve, reason) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve })
    const der = publicKey.export({ format: 'der', type: 'spki' })
    expect(refusal(der)).toBe(message(reason))
  })

  test('an RSA key', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const der = publicKey.export({ format: 'der', type: 'spki' })
    expect(refusal(der)).toBe(message('it is an RSA key'))
  })

  test('explicit parameters', () => {
    const { publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'secp256k1',
      paramEncoding: 'explicit',
    })
    const der = publicKey.export({ format: 'der', type: 'spki' })
    expect(refusal(der)).toBe(
      message('it specifies its curve with parameters, not by name'),
    )
  })

  test('a compressed point', () => {
    const der = Buffer.concat([
      Buffer.from('3036301006072a8648ce3d020106052b8104000a032200', 'hex'),
      Buffer.of(2 + ((point[64] ?? 0) & 1)),
      point.subarray(1, 33),
    ])
    expect(refusal(der)).toBe(message('its point is compressed'))
  })

  test('trailing bytes', () => {
    expect(refusal(Buffer.concat([spki, Buffer.of(0)]))).toBe(
      message('1 byte follows the key'),
    )
  })

  test('truncated anywhere', () => {
    for (let length = 23; length < spki.length; length++)
      expect(refusal(spki.subarray(0, length))).toBe(
        message(`the key is cut off after ${length} of 88 bytes`),
      )
    for (let length = 1; length < 23; length++)
      expect(refusal(spki.subarray(0, length))).not.toBe('accepted')
    expect(refusal(new Uint8Array())).toBe(message('there are no bytes'))
  })

  test('a hybrid point (SEC 1, 2.3.3, forms 6 and 7)', () => {
    const der = Buffer.from(spki)
    der[23] = 6
    expect(refusal(der)).toBe(
      message('the point begins with 0x06 instead of 0x04'),
    )
  })

  test('a point off the curve, and unreduced coordinates', () => {
    const off = Buffer.from(spki)
    off[87] = (off[87] ?? 0) ^ 1
    expect(refusal(off)).toBe(message('the point is not on secp256k1'))
    // x + p and y are congruent to a point of the curve: x = 1 has one.
    const y = '4218f20ae6c646b363db68605822fb14264ca8d2587fdd6fbc750d587e76a7ee'
    const p =
      0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn
    const header = spki.subarray(0, 24).toString('hex')
    const make = (x: bigint) =>
      Buffer.from(`${header}${x.toString(16).padStart(64, '0')}${y}`, 'hex')
    expect(refusal(make(1n))).toBe('accepted')
    expect(refusal(make(p + 1n))).toBe(message('the point is not on secp256k1'))
    expect(
      refusal(Buffer.concat([spki.subarray(0, 24), Buffer.alloc(64)])),
    ).toBe(message('the point is not on secp256k1'))
  })

  test('a change to any single byte is refused', () => {
    fc.assert(
      fc.property(
        fc.nat(spki.length - 1),
        fc.integer({ min: 1, max: 255 }),
        (index, flip) => {
          const der = Buffer.from(toSpki(multiply(randomScalar())))
          der[index] = (der[index] ?? 0) ^ flip
          expect(refusal(der)).not.toBe('accepted')
        },
      ),
    )
  })

  test('any bytes give a key or the typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (der) => {
        expect(refusal(der)).toMatch(/^Not a secp256k1 public key: /)
      }),
    )
  })
})

describe('toAddress', () => {
  test('checksums the address of the generator', () => {
    expect(PublicKey.toAddress(PublicKey.fromSpki(spki))).toBe(
      '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf',
    )
  })
})
