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
  // For tokens that can't do better, and where the key policy lets it.
  | 'RSA_AES_KEY_WRAP_SHA_1'
  | 'RSAES_OAEP_SHA_256'

export type WrappingKeySpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096'

/** How key material is encrypted on its way into KMS. */
export type Wrapping = {
  algorithm: WrappingAlgorithm
  keySpec: WrappingKeySpec
}

/**
 * Encrypts the key material for a wrapping key.
 *
 * @param wrappingKey - SubjectPublicKeyInfo, DER, as KMS answers it.
 */
export type WrapFor = (wrappingKey: Uint8Array) => Promise<Uint8Array>

/**
 * Wraps a private key of this process's memory.
 *
 * @param toPkcs8 - DER; asked for when it is needed, zeroed here.
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
 * Encrypts key material for KMS, in memory: by RSAES-OAEP, SHA-256 for label
 * and MGF1 alike; or by a one-time AES-256 key (RFC 5649) that goes before it,
 * itself encrypted so. What it makes on the way is zeroed, also on failure.
 *
 * @param wrappingKey - SubjectPublicKeyInfo, DER, as KMS answers it.
 * @throws WrappingKeyError when that is not the key that was asked for.
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

// A short key would be as good as none.
function readWrappingKey(der: Uint8Array, spec: WrappingKeySpec): KeyObject {
  let key: KeyObject
  try {
    key = createPublicKey({
      key: Buffer.from(der),
      format: 'der',
      type: 'spki',
    })
  } catch (error) {
    throw new WrappingKeyError(spec, 'bytes that are not a public key', error)
  }
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== 'rsa')
    throw new WrappingKeyError(spec, `a key of type ${key.asymmetricKeyType}`)
  if (`RSA_${modulusLength}` !== spec || publicExponent !== 65_537n)
    throw new WrappingKeyError(
      spec,
      `RSA of ${modulusLength} bits with exponent ${publicExponent}`,
    )
  return key
}

/** KMS answered another wrapping key than the one asked for. */
export class WrappingKeyError extends BaseError {
  override readonly name = 'WrappingKeyError'

  constructor(spec: WrappingKeySpec, got: string, cause?: unknown) {
    super(
      'wrapping-key',
      'The wrapping key is not the one that was requested.',
      {
        details:
          `The request was for a public key ${spec} with exponent 65537, but ` +
          `the answer is ${got}. Nothing was encrypted with it or sent. KMS ` +
          'does not answer like this: check where the endpoint leads.',
        ...(cause === undefined ? {} : { cause }),
      },
    )
  }
}
