import { allocate } from '../allocate.js'
import { compareAddress, copyAgain, KeyFileError } from '../KeyFileError.js'
import { fromScalar, type PrivateKey } from '../PrivateKey.js'
import { wipe } from '../wipe.js'
import { assertCurve } from './curve.js'
import {
  type Element,
  readElements,
  readInteger,
  readOnly,
  tag,
} from './Der.js'

/** A key, and whether the file had its public key to check it against. */
export type ParsedKey = { key: PrivateKey; proven: boolean }

/**
 * Reads ECPrivateKey (RFC 5915), by itself or inside PKCS#8.
 *
 * @param curve - `required` if nothing around it names the curve.
 * @throws KeyFileError
 */
export function readSec1(
  der: Buffer,
  curve: 'required' | 'optional',
  what = 'The SEC1 key',
): ParsedKey {
  const [version, scalar, ...options] = readElements(
    readOnly(der, tag.sequence, what),
    what,
  )
  if (readInteger(version, what) !== 1)
    throw new KeyFileError(`${what} has an unknown version.`, copyAgain)
  if (scalar?.tag !== tag.octetString)
    throw new KeyFileError(`${what} contains no private key.`, copyAgain)
  const { parameters, publicKey } = readOptions(options, what)
  if (parameters !== undefined) assertCurve(onlyOne(parameters, what), what)
  else if (curve === 'required')
    throw new KeyFileError(
      `${what} doesn't name its curve.`,
      'If the key is on secp256k1, put the output of openssl ecparam -name ' +
        'secp256k1 before the PEM block. Then compare the address: ' +
        'keyward key verify --in FILE --address ADDRESS.',
    )
  const key = toKey(scalar.content, publicKey !== undefined, what)
  if (publicKey === undefined) return { key, proven: false }
  return proven(key, () => assertPublicKey(publicKey, key, what))
}

/** Returns a key whose public key matches; otherwise, disposes of the key. */
export function proven(key: PrivateKey, assert: () => void): ParsedKey {
  try {
    assert()
  } catch (error) {
    key.dispose()
    throw error
  }
  return { key, proven: true }
}

/**
 * RFC 5915 requires 32 bytes. Old versions of OpenSSL strip leading zeros, and
 * Java's numbers may begin with an extra one. Such a key is accepted only if
 * its public key shows that nothing was lost.
 */
function toKey(scalar: Buffer, provable: boolean, what: string): PrivateKey {
  if (scalar.length === 32) return fromScalar(scalar)
  const extra = scalar.subarray(0, Math.max(0, scalar.length - 32))
  if (!provable || scalar.length > 33 || extra.some((byte) => byte !== 0))
    throw new KeyFileError(
      `${what} has a private key of ${scalar.length} ${scalar.length === 1 ? 'byte' : 'bytes'}. secp256k1 needs 32 bytes, including leading zeros.`,
      provable
        ? 'The key is damaged, or is on another curve. Copy the file again, or use the backup.'
        : `Some tools strip or add a zero byte. To rewrite the key with 32 bytes: openssl pkey -in FILE -out NEW. ${compareAddress}`,
    )
  const padded = allocate(32)
  const digits = scalar.subarray(extra.length)
  digits.copy(padded, 32 - digits.length)
  wipe(scalar)
  return fromScalar(padded)
}

/** [0] parameters and [1] public key: each at most once, in this order. */
function readOptions(
  options: readonly Element[],
  what: string,
): { parameters?: Buffer; publicKey?: Buffer } {
  const [first, second] = options
  const tags = options.map((option) => option.tag).join()
  if (first === undefined) return {}
  if (tags === `${tag.context0}`) return { parameters: first.content }
  if (tags === `${tag.context1}`) return { publicKey: first.content }
  if (tags === `${tag.context0},${tag.context1}` && second !== undefined)
    return { parameters: first.content, publicKey: second.content }
  throw new KeyFileError(`${what} contains unexpected fields.`, copyAgain)
}

function onlyOne(content: Buffer, what: string): Element | undefined {
  const elements = readElements(content, what)
  return elements.length === 1 ? elements[0] : undefined
}

/**
 * @param content - The content of [1]: a BIT STRING with either form of the
 *   point.
 * @throws KeyFileError if it is the public key of another private key.
 */
function assertPublicKey(content: Buffer, key: PrivateKey, what: string): void {
  assertPoint(readOnly(content, tag.bitString, what), key, what)
}

/** @param bits - A BIT STRING's content: unused bits, then the point. */
export function assertPoint(
  bits: Buffer,
  { publicKey }: PrivateKey,
  what: string,
): void {
  const compressed = Buffer.from(publicKey.subarray(0, 33))
  compressed[0] = (publicKey[64] ?? 0) % 2 === 0 ? 2 : 3
  const point = bits.subarray(1)
  if (bits[0] !== 0 || !(point.equals(publicKey) || point.equals(compressed)))
    throw new KeyFileError(
      `${what} contains a public key that doesn't match its private key.`,
      'The file is damaged, or combines two keys. Use the backup.',
    )
}
