import { ECDH } from 'node:crypto'
import { PublicKey } from '@keyward/core'
import { quote } from '@keyward/core/errors'
import { assertCurve } from './der/curve.js'
import { readElements, readOnly, tag } from './der/Der.js'
import { algorithmName, oid } from './der/oids.js'
import { decodeHex } from './encoding/decodeHex.js'
import { readPem } from './encoding/Pem.js'
import { copyAgain, KeyFileError } from './KeyFileError.js'
import { wipe } from './wipe.js'

/** A secp256k1 public key and its account. */
export type PublicKeyFile = {
  /** Uncompressed, 65 bytes. */
  publicKey: Buffer
  /** With its EIP-55 checksum. */
  address: string
}

const what = 'The public key'

/**
 * Reads a public key: SubjectPublicKeyInfo in PEM or DER, or hex of the point
 * in any form: 64 bytes, 65 beginning with 04, or 33 beginning with 02 or 03.
 *
 * @throws KeyFileError if it is not a public key, or is a private key.
 */
export function parsePublicKey(bytes: Buffer): PublicKeyFile {
  const publicKey = decompress(readPoint(bytes))
  return { publicKey, address: PublicKey.toAddress(publicKey) }
}

function readPoint(bytes: Buffer): Buffer {
  if (bytes[0] === tag.sequence && bytes.some((byte) => byte < 0x09))
    return readSpki(bytes)
  if (bytes.includes('-----BEGIN')) return readSpki(readPublicPem(bytes))
  const text = bytes.toString('latin1').trim()
  const point = decodeHex(Buffer.from(text, 'latin1'))
  if (point?.length === 32) {
    wipe(point)
    throw new KeyFileError(
      'The given key has 32 bytes, like a private key. A public key has 64, ' +
        '65 or 33 bytes.',
      "If it is a private key, don't pass it as a public key. Pass it with " +
        '--in instead.',
    )
  }
  if (point?.length === 64) return Buffer.concat([Buffer.from([4]), point])
  if (point?.length === 65 || point?.length === 33) return point
  throw new KeyFileError(
    'The input is not a public key in a known format.',
    'Allowed: PEM or DER, such as from openssl ec -pubout, or 64, 65 or 33 ' +
      'bytes in hex.',
  )
}

function readPublicPem(bytes: Buffer): Buffer {
  const blocks = readPem(bytes)
  const [block, ...more] = blocks
  if (block?.label === 'PUBLIC KEY' && more.length === 0) return block.der
  wipe(...blocks.map(({ der }) => der))
  const label = blocks.find((each) => each.label !== 'PUBLIC KEY')?.label
  throw new KeyFileError(
    label === undefined
      ? 'The PEM file contains more than one public key.'
      : `The PEM file contains ${quote(label)} instead of "PUBLIC KEY".`,
    label === undefined
      ? 'Pass a file with one public key and nothing else.'
      : 'Extract the public key from a private key: openssl pkey -pubout -in ' +
          'FILE -out NEW.',
  )
}

/** SubjectPublicKeyInfo { { id-ecPublicKey, secp256k1 }, BIT STRING }. */
function readSpki(der: Buffer): Buffer {
  const [algorithm, bits, ...more] = readElements(
    readOnly(der, tag.sequence, what),
    what,
  )
  if (algorithm?.tag !== tag.sequence || bits?.tag !== tag.bitString)
    throw new KeyFileError(
      'The key is not a public key (SubjectPublicKeyInfo).',
      'If it is a private key, extract its public key: openssl pkey ' +
        '-pubout -in FILE -out NEW.',
    )
  const [type, curve, ...rest] = readElements(algorithm.content, what)
  if (
    type?.tag === tag.oid &&
    type.content.toString('hex') !== oid.idEcPublicKey
  )
    throw new KeyFileError(
      `${what} belongs to ${algorithmName(type.content)}, but Ethereum keys are on the curve secp256k1.`,
      'Pass the public key of an Ethereum account.',
    )
  assertCurve(curve, what, 'public')
  if (more.length > 0 || rest.length > 0 || bits.content[0] !== 0)
    throw new KeyFileError(`${what} contains unexpected fields.`, copyAgain)
  return bits.content.subarray(1)
}

function decompress(point: Buffer): Buffer {
  const [form = 0] = point
  const isForm =
    point.length === 65 ? form === 4 : point.length === 33 && (form | 1) === 3
  try {
    if (isForm)
      // OpenSSL also checks that the point is on the curve.
      return ECDH.convertKey(point, 'secp256k1') as Buffer
  } catch {
    // Node's error says less than the error below.
  }
  throw new KeyFileError(
    `${what} is not a point on secp256k1.`,
    'A digit is missing or changed, or the key is on another curve.',
  )
}
