import { readElements, readInteger, readOnly, tag } from '../der/Der.js'
import { decryptPkcs8, parseEncryptedPkcs8 } from '../der/pbes2.js'
import { readPkcs8 } from '../der/pkcs8.js'
import { type ParsedKey, readSec1 } from '../der/sec1.js'
import { KeyFileError, WrongPasswordError } from '../KeyFileError.js'
import { describeKdf } from '../kdf.js'
import { wipe } from '../wipe.js'
import type { Candidate } from './Candidate.js'

/**
 * A key in DER. The first members distinguish SEC1, PKCS#8 and encrypted
 * PKCS#8.
 */
export function fromDer(der: Buffer): Candidate {
  const [first, second] = readElements(
    readOnly(der, tag.sequence, 'The key'),
    'The key',
  )
  if (first?.tag === tag.sequence && second?.tag === tag.octetString)
    return fromEncryptedPkcs8(der)
  if (first?.tag !== tag.integer)
    throw new KeyFileError(
      second?.tag === tag.bitString
        ? 'The DER data contains a public key.'
        : 'The DER data contains no SEC1 or PKCS#8 private key.',
      'A certificate or public key is not enough. Pass the private key.',
    )
  if (readInteger(first, 'The key') === 3)
    throw new KeyFileError(
      'The file is PKCS#12, which also contains certificates.',
      'Extract the key with OpenSSL: openssl pkcs12 -nocerts -in FILE -out ' +
        'NEW.',
    )
  return second?.tag === tag.octetString
    ? plain('sec1', () => readSec1(der, 'required'))
    : plain('pkcs8', () => readPkcs8(der))
}

/** @param read - Called once, after the format was accepted. */
export function plain(
  format: 'sec1' | 'pkcs8',
  read: () => ParsedKey,
  dispose: () => void = () => {},
): Candidate {
  return {
    format,
    encrypted: false,
    read: async () => ({ ...read(), warnings: [] }),
    dispose,
  }
}

/** Refuses an invalid key before asking for a password, if possible. */
export function fromEncryptedPkcs8(
  der: Buffer,
  dispose: () => void = () => {},
): Candidate {
  const encrypted = parseEncryptedPkcs8(der)
  return {
    format: 'pkcs8',
    encrypted: true,
    async read(asks) {
      const password = await asks.password('Password of the key file')
      try {
        asks.progress(`Opening the key file (${describeKdf(encrypted.kdf)}).`)
        const inside = await decryptPkcs8(encrypted, password)
        return { ...readDecrypted(inside, readPkcs8), warnings: [] }
      } finally {
        wipe(password)
      }
    },
    dispose,
  }
}

/**
 * Reads decrypted bytes, and zeroes them. One in 256 wrong passwords gives
 * bytes that seem decrypted but contain nothing.
 */
export function readDecrypted(
  inside: Buffer,
  read: (der: Buffer) => ParsedKey,
): ParsedKey {
  try {
    if (inside[0] !== tag.sequence)
      throw new WrongPasswordError(
        "The key file can't be decrypted with this password.",
        'Either the password is wrong, or the key file is damaged.',
      )
    return read(inside)
  } finally {
    wipe(inside)
  }
}
