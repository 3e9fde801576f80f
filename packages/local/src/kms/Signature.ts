import { createHash, randomBytes } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { invalidKeyUsage, validation } from './errors.js'
import { keySpec } from './Key.js'

/**
 * The 32 bytes to sign: either the digest, unchanged, or the SHA-256 hash of a
 * raw message.
 *
 * @throws AwsError for an algorithm or message type of another key spec, or a
 *   digest that is not 32 bytes.
 */
export const digestOf = (request: {
  Message: Buffer
  MessageType?: string
  SigningAlgorithm: string
}): Buffer => {
  const { Message, MessageType = 'RAW', SigningAlgorithm } = request
  if (SigningAlgorithm !== 'ECDSA_SHA_256')
    throw invalidKeyUsage(
      `Algorithm ${SigningAlgorithm} is incompatible with key spec ${keySpec}.`,
    )
  if (MessageType === 'RAW')
    return createHash('sha256').update(Message).digest()
  if (MessageType !== 'DIGEST')
    throw validation(
      `Message type ${MessageType} is incompatible with key spec ${keySpec}.`,
    )
  if (Message.length !== 32)
    throw validation('Digest is invalid length for algorithm ECDSA_SHA_256.')
  return Message
}

/**
 * ECDSA-Sig-Value, DER. As in AWS, the bytes differ each time, and s is in the
 * upper half about half the time, so clients must normalize it.
 */
export const sign = (digest: Uint8Array, privateKey: Uint8Array): Uint8Array =>
  secp256k1.sign(digest, privateKey, {
    prehash: false,
    lowS: false,
    format: 'der',
    extraEntropy: randomBytes(32),
  })

/** False for a wrong signature and for bytes that aren't a signature. */
export const verify = (
  signature: Uint8Array,
  digest: Uint8Array,
  publicKey: Uint8Array,
): boolean => {
  try {
    return secp256k1.verify(signature, digest, publicKey, {
      prehash: false,
      lowS: false,
      format: 'der',
    })
  } catch {
    return false
  }
}
