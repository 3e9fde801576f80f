import { createECDH } from 'node:crypto'
import { PublicKey } from '@keyward/core'
import { allocate } from './allocate.js'
import { KeyFileError } from './KeyFileError.js'
import { wipe } from './wipe.js'

/** A secp256k1 private key in memory. Zeroed by dispose(). */
export type PrivateKey = {
  /** 32 bytes, big endian, 1 <= d < n. */
  readonly d: Buffer
  /** Uncompressed public key, 65 bytes. */
  readonly publicKey: Buffer
  /** With its EIP-55 checksum. */
  readonly address: string
  /** Overwrites `d` with zeros. */
  dispose(): void
}

const scalarLength = 32

/**
 * Creates a key from the bytes. It copies and zeroes them, even if it refuses
 * them. OpenSSL computes the public key, because a JavaScript bigint can't be
 * overwritten.
 *
 * @param scalar - 32 bytes, big endian.
 * @throws KeyFileError if they are not a scalar in 1..n-1.
 */
export function fromScalar(scalar: Uint8Array): PrivateKey {
  const d = allocate(scalarLength)
  try {
    if (scalar.length !== scalarLength)
      throw new KeyFileError(
        `The private key has ${scalar.length} ${scalar.length === 1 ? 'byte' : 'bytes'} instead of 32.`,
      )
    d.set(scalar)
    const publicKey = toPublicKey(d)
    return {
      d,
      publicKey,
      address: PublicKey.toAddress(publicKey),
      dispose: () => wipe(d),
    }
  } catch (error) {
    wipe(d)
    throw error
  } finally {
    wipe(scalar)
  }
}

function toPublicKey(d: Buffer): Buffer {
  const ecdh = createECDH('secp256k1')
  try {
    ecdh.setPrivateKey(d)
  } catch {
    // Node's error is dropped because it says less.
    const isZero = d.every((byte) => byte === 0)
    throw new KeyFileError(
      isZero
        ? 'The private key is 0.'
        : 'The private key is not below the order of secp256k1.',
      'A secp256k1 private key is a number above 0 and below the order of ' +
        `the curve. This one ${isZero ? 'was overwritten or never written' : 'is damaged, or is for another curve'}. ` +
        'Copy the file again, or use the backup.',
    )
  }
  return ecdh.getPublicKey()
}

// PrivateKeyInfo { 0, { id-ecPublicKey, secp256k1 }, OCTET STRING of
//   ECPrivateKey { 1, OCTET STRING of 32, [1] BIT STRING of 65 } }
const beforeScalar = Buffer.from(
  '308184020100301006072a8648ce3d020106052b8104000a046d306b0201010420',
  'hex',
)
const beforePoint = Buffer.from('a144034200', 'hex')

/**
 * The key as PKCS#8 in DER with its public key inside, as OpenSSL writes it:
 * 135 bytes. The caller zeroes them.
 */
export function toPkcs8(key: PrivateKey): Buffer {
  const parts = [beforeScalar, key.d, beforePoint, key.publicKey]
  // Buffer.concat would use memory from the shared pool.
  const der = allocate(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) offset += part.copy(der, offset)
  return der
}
