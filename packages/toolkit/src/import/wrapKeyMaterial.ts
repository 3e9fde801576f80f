import {
  constants,
  createCipheriv,
  createPublicKey,
  type KeyObject,
  publicEncrypt,
  randomFillSync,
} from 'node:crypto'
import { BaseError } from '@keyward/core/errors'
import { allocate, wipe } from '@keyward/keyfile'

export type WrappingAlgorithm =
  | 'RSA_AES_KEY_WRAP_SHA_256'
  // For tokens that support nothing better, if the key policy allows it.
  | 'RSA_AES_KEY_WRAP_SHA_1'
  | 'RSAES_OAEP_SHA_256'

export type WrappingKeySpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096'

/** How key material is encrypted on the way to KMS. */
export type Wrapping = {
  algorithm: WrappingAlgorithm
  keySpec: WrappingKeySpec
}

/**
 * Encrypts the key material with a wrapping key.
 *
 * @param wrappingKey - SubjectPublicKeyInfo, DER, as KMS returns it.
 */
export type WrapFor = (wrappingKey: Uint8Array) => Promise<Uint8Array>

/**
 * Wraps a private key from this process's memory.
 *
 * @param toPkcs8 - Returns DER. Called when needed; the result is zeroed here.
 */
export function wrapWith(toPkcs8: () => Buffer, wrapping: Wrapping): WrapFor {
  return async (wrappingKey) => {
    const material = toPkcs8()
    try {
      return wrapKeyMaterial(material, wrappingKey, wrapping)
    } finally {
      material.fill(0)
    }
  }
}

/** The alternative initial value of RFC 5649, section 3. */
const kwpInitialValue = Buffer.from('a65959a6', 'hex')

/**
 * Encrypts key material for KMS in memory: either with RSAES-OAEP, using
 * SHA-256 for both the label and MGF1, or with a one-time AES-256 key (RFC
 * 5649), which is itself encrypted with RSAES-OAEP and comes first in the
 * result. Intermediate values are zeroed, also on failure.
 *
 * @param wrappingKey - SubjectPublicKeyInfo, DER, as KMS returns it.
 * @throws WrappingKeyError if the wrapping key is not of the requested kind
 */
export function wrapKeyMaterial(
  material: Uint8Array,
  wrappingKey: Uint8Array,
  wrapping: Wrapping,
): Buffer {
  const key = readWrappingKey(wrappingKey, wrapping.keySpec)
  if (wrapping.algorithm === 'RSAES_OAEP_SHA_256')
    return encryptOaep(key, material)
  const aesKey = randomFillSync(allocate(32))
  try {
    const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, kwpInitialValue)
    return Buffer.concat([
      encryptOaep(key, aesKey),
      cipher.update(material),
      cipher.final(),
    ])
  } finally {
    wipe(aesKey)
  }
}

function encryptOaep(key: KeyObject, bytes: Uint8Array): Buffer {
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return publicEncrypt({ key, padding, oaepHash: 'sha256' }, bytes)
}

// A short wrapping key would be as bad as none.
function readWrappingKey(der: Uint8Array, spec: WrappingKeySpec): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey({
      key: Buffer.from(der),
      format: 'der',
      type: 'spki',
    })
  } catch (error) {
    throw new WrappingKeyError(spec, 'not a public key', error)
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== 'rsa')
    throw new WrappingKeyError(spec, `a key of type ${key.asymmetricKeyType}`)
  if (`RSA_${modulusLength}` !== spec || publicExponent !== 65_537n)
    throw new WrappingKeyError(
      spec,
      `an RSA key of ${modulusLength} bits with exponent ${publicExponent}`,
    )
  return key
}

/** KMS returned a wrapping key other than the one requested. */
export class WrappingKeyError extends BaseError {
  override readonly name = 'WrappingKeyError'

  constructor(spec: WrappingKeySpec, got: string, cause?: unknown) {
    super(
      'wrapping-key',
      'The wrapping key is not the one that was requested.',
      {
        details:
          `The request was for an ${spec} public key with exponent 65537, but ` +
          `the response is ${got}. Nothing was encrypted or sent. KMS ` +
          'does not answer like this. Check AWS_ENDPOINT_URL and the network: ' +
          'the response may not come from KMS.',
        ...(cause === undefined ? {} : { cause }),
      },
    )
  }
}
