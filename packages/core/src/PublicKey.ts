import * as Address from 'ox/Address'
import * as Bytes from 'ox/Bytes'
import * as Hash from 'ox/Hash'
import { BaseError } from './errors/BaseError.js'

/** SEC 1 uncompressed point: 0x04, x (32 bytes), y (32 bytes). */
export type PublicKey = Uint8Array

// SubjectPublicKeyInfo of a named secp256k1 key (RFC 5480): SEQUENCE {
//   SEQUENCE { OID id-ecPublicKey, OID secp256k1 }, BIT STRING { 04 x y } }
const header = Bytes.fromHex('0x3056301006072a8648ce3d020106052b8104000a034200')
const pointLength = 65
const spkiLength = header.length + pointLength

const p = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn

/**
 * Reads the public key of a KMS key.
 *
 * DER allows only one encoding, so `fromSpki` accepts only the header of a
 * named, uncompressed secp256k1 key. The point must be on the curve.
 *
 * @param der - SubjectPublicKeyInfo, 88 bytes of DER (RFC 5480).
 * @returns The point, 65 bytes.
 * @throws InvalidPublicKeyError
 */
export function fromSpki(der: Uint8Array): PublicKey {
  for (let i = 0; i < header.length; i++)
    if (der[i] !== header[i]) throw new InvalidPublicKeyError(explain(der))
  const more = der.length - spkiLength
  if (more > 0)
    throw new InvalidPublicKeyError(
      more === 1 ? '1 byte follows the key' : `${more} bytes follow the key`,
    )
  if (der.length < spkiLength)
    throw new InvalidPublicKeyError(
      `the key is cut off after ${der.length} of ${spkiLength} bytes`,
    )
  // Copied, because a slice of a Buffer would share the caller's memory.
  const point = new Uint8Array(der.subarray(header.length))
  assertOnCurve(point)
  return point
}

/**
 * The account of a public key.
 *
 * @param publicKey - 65 bytes.
 * @returns 20 bytes as hex with the EIP-55 checksum.
 */
export function toAddress(publicKey: PublicKey): Address.Address {
  const hash = Hash.keccak256(publicKey.subarray(1), { as: 'Hex' })
  return Address.checksum(`0x${hash.slice(-40)}`)
}

function assertOnCurve(point: Uint8Array): void {
  if (point[0] !== 4)
    throw new InvalidPublicKeyError(
      `the point begins with 0x${hexByte(point[0])} instead of 0x04`,
    )
  const x = Bytes.toBigInt(point.subarray(1, 33))
  const y = Bytes.toBigInt(point.subarray(33))
  if (x >= p || y >= p || (y * y - (x * x * x + 7n)) % p !== 0n)
    throw new InvalidPublicKeyError('the point is not on secp256k1')
}

const curves: Record<string, string> = {
  '2a8648ce3d030107': 'NIST P-256',
  '2b81040022': 'NIST P-384',
  '2b81040023': 'NIST P-521',
}

/** Explains what the key is instead: usually a key with a different spec. */
function explain(der: Uint8Array): string {
  const hex = Bytes.toHex(der.subarray(0, 64))
  if (der.length === 0) return 'there are no bytes'
  if (hex.includes('2a864886f70d010101')) return 'it is an RSA key'
  for (const [oid, name] of Object.entries(curves))
    if (hex.includes(oid)) return `it is on the curve ${name}`
  if (hex.includes('2a8648ce3d0101'))
    return 'it specifies its curve with parameters, not by name'
  if (hex.includes('2b8104000a03220002') || hex.includes('2b8104000a03220003'))
    return 'its point is compressed'
  return 'it is not a DER-encoded SubjectPublicKeyInfo of an EC key'
}

function hexByte(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, '0')
}

/**
 * The bytes are not a secp256k1 public key in the only form that KMS returns.
 */
export class InvalidPublicKeyError extends BaseError {
  constructor(reason: string) {
    super('invalid-public-key', `Not a secp256k1 public key: ${reason}.`, {
      details:
        'Allowed: SubjectPublicKeyInfo in DER, 88 bytes, named curve secp256k1, uncompressed point. Create the KMS key with KeySpec ECC_SECG_P256K1.',
    })
    this.name = 'InvalidPublicKeyError'
  }
}
