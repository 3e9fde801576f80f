import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { unwrap } from '../../packages/local/src/kms/import/WrappingAlgorithm.js'
import {
  type Wrapping,
  type WrappingKeySpec,
  wrapKeyMaterial,
} from '../../packages/toolkit/src/import/wrapKeyMaterial.js'

const specs: WrappingKeySpec[] = ['RSA_2048', 'RSA_3072', 'RSA_4096']
const algorithms = ['RSA_AES_KEY_WRAP_SHA_256', 'RSAES_OAEP_SHA_256'] as const
const spkiOf = (key: { export(options: object): unknown }) =>
  key.export({ format: 'der', type: 'spki' }) as Buffer
const rsa = (bits: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength: bits, publicExponent })
const keys = new Map(
  specs.map((spec) => [spec, rsa(Number(spec.slice('RSA_'.length)))]),
)

describe.each(specs)('%s', (keySpec) => {
  const { publicKey, privateKey } = keys.get(keySpec) ?? rsa(2048)
  const bytes = Number(keySpec.slice('RSA_'.length)) / 8

  test.each(algorithms)('%s, as the local KMS unwraps it', (algorithm) => {
    const wrapping: Wrapping = { algorithm, keySpec }
    // PKCS#8 of this curve has 135 bytes, and 64 without the public key.
    for (const length of [135, 64, 136]) {
      const material = randomBytes(length)
      const wrap = () => wrapKeyMaterial(material, spkiOf(publicKey), wrapping)
      const padded = 8 * Math.ceil(length / 8) + 8
      expect(wrap()).toHaveLength(
        algorithm === 'RSAES_OAEP_SHA_256' ? bytes : bytes + padded,
      )
      expect(unwrap(algorithm, privateKey, wrap())).toEqual(material)
      // Nothing of it comes twice: not the one-time key, nor the padding.
      expect(wrap().subarray(0, 64)).not.toEqual(wrap().subarray(0, 64))
      expect(wrap().subarray(-24)).not.toEqual(wrap().subarray(-24))
    }
  })
})

describe('a wrapping key that KMS would not answer', () => {
  const wrapping: Wrapping = {
    algorithm: 'RSA_AES_KEY_WRAP_SHA_256',
    keySpec: 'RSA_4096',
  }
  const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  test.each([
    [
      'a shorter one',
      spkiOf(keys.get('RSA_2048')?.publicKey ?? p256.publicKey),
      'the response is an RSA key of 2048 bits with exponent 65537',
    ],
    [
      'one with a small exponent',
      spkiOf(rsa(4096, 3).publicKey),
      'the response is an RSA key of 4096 bits with exponent 3.',
    ],
    [
      'one of another kind',
      spkiOf(p256.publicKey),
      'the response is a key of type ec',
    ],
    ['none', randomBytes(550), 'the response is not a public key'],
    ['an empty one', Buffer.alloc(0), 'the response is not a public key'],
  ])('%s is refused', (_, publicKey, text) => {
    let error: unknown
    try {
      wrapKeyMaterial(randomBytes(135), publicKey, wrapping)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      name: 'WrappingKeyError',
      code: 'wrapping-key',
    })
    expect(String(error)).toContain(text)
  })
})
