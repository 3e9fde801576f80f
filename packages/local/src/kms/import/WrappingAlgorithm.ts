import {
  constants,
  createDecipheriv,
  type KeyObject,
  privateDecrypt,
} from 'node:crypto'

export type WrappingKeySpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096'

export const wrappingKeySpecs: readonly WrappingKeySpec[] = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
]

export type WrappingAlgorithm =
  | 'RSAES_OAEP_SHA_1'
  | 'RSAES_OAEP_SHA_256'
  | 'RSA_AES_KEY_WRAP_SHA_1'
  | 'RSA_AES_KEY_WRAP_SHA_256'

/**
 * The algorithms, out of AWS's larger set, that apply to a key of this spec.
 */
export const wrappingAlgorithms: readonly WrappingAlgorithm[] = [
  'RSAES_OAEP_SHA_1',
  'RSAES_OAEP_SHA_256',
  'RSA_AES_KEY_WRAP_SHA_1',
  'RSA_AES_KEY_WRAP_SHA_256',
]

/**
 * Unwraps key material. The caller zeroes the result. `wrong-size` means a
 * length that the algorithm can't produce; undefined means any other failure.
 * Revealing which step failed would allow Manger's attack.
 */
export const unwrap = (
  algorithm: WrappingAlgorithm,
  wrappingKey: KeyObject,
  wrapped: Buffer,
): Buffer | 'wrong-size' | undefined => {
  const bits = wrappingKey.asymmetricKeyDetails?.modulusLength ?? 0
  const rsaBytes = bits / 8
  const oaepHash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256'
  if (algorithm.startsWith('RSAES'))
    return wrapped.length === rsaBytes
      ? unwrapOaep(wrappingKey, wrapped, oaepHash)
      : 'wrong-size'

  const inner = wrapped.subarray(rsaBytes)
  if (inner.length < 16 || inner.length % 8 !== 0) return 'wrong-size'
  const aesKey = unwrapOaep(
    wrappingKey,
    wrapped.subarray(0, rsaBytes),
    oaepHash,
  )
  if (!aesKey) return undefined
  try {
    return aesKey.length === 32 ? unwrapKwp(aesKey, inner) : undefined
  } finally {
    aesKey.fill(0)
  }
}

/**
 * RSAES-OAEP with one hash for both the padding and MGF1, and an empty label.
 */
export const unwrapOaep = (
  key: KeyObject,
  wrapped: Buffer,
  oaepHash: 'sha1' | 'sha256',
): Buffer | undefined => {
  try {
    return privateDecrypt(
      { key, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING },
      wrapped,
    )
  } catch {
    return undefined
  }
}

/** AES key wrap with padding (RFC 5649), under a 256-bit key. */
export const unwrapKwp = (
  key: Uint8Array,
  wrapped: Buffer,
): Buffer | undefined => {
  try {
    const decipher = createDecipheriv('id-aes256-wrap-pad', key, kwpIv)
    const first = decipher.update(wrapped)
    const last = decipher.final()
    if (last.length === 0) return first
    const whole = Buffer.concat([first, last])
    first.fill(0)
    last.fill(0)
    return whole
  } catch {
    return undefined
  }
}

const kwpIv = Buffer.from('a65959a6', 'hex')
