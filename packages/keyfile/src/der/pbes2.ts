import { createDecipheriv } from 'node:crypto'
import { allocate } from '../allocate.js'
import { KeyFileError, WrongPasswordError } from '../KeyFileError.js'
import { assertAffordable, deriveKey, type Kdf } from '../kdf.js'
import { wipe } from '../wipe.js'
import {
  type Cipher,
  ciphers,
  pbes2Oid,
  pbkdf2Oid,
  prfs,
  scryptOid,
} from './algorithms.js'
import {
  type Element,
  readElements,
  readInteger,
  readOnly,
  tag,
} from './Der.js'
import { named } from './oids.js'

const what = 'The encrypted PKCS#8 key'
const reencrypt =
  'Encrypt the key again with OpenSSL: openssl pkcs8 -topk8 -v2 aes-256-cbc ' +
  '-in FILE -out NEW (with -inform DER if FILE is not PEM).'

export type EncryptedPkcs8 = {
  kdf: Kdf
  cipher: Cipher
  iv: Buffer
  ciphertext: Buffer
}

/**
 * Reads EncryptedPrivateKeyInfo (RFC 5208) with PBES2 (RFC 8018): PBKDF2 or
 * scrypt (RFC 7914), then AES or triple DES in CBC.
 *
 * Node could do all of this, but it doesn't limit the memory that a file can
 * demand, and it accepts BER and explicit curve parameters.
 *
 * @throws KeyFileError
 */
export function parseEncryptedPkcs8(der: Buffer): EncryptedPkcs8 {
  const [algorithm, ciphertext, ...more] = readElements(
    readOnly(der, tag.sequence, what),
    what,
  )
  if (ciphertext?.tag !== tag.octetString || more.length > 0) throw malformed()
  const [scheme, parameters] = readAlgorithm(algorithm)
  if (scheme !== pbes2Oid)
    throw new KeyFileError(
      `${what} uses an old encryption scheme. Only PBES2 is allowed.`,
      reencrypt,
    )
  const [kdf, encryption, ...rest] = readElements(
    contentOf(parameters, tag.sequence),
    what,
  )
  if (rest.length > 0) throw malformed()
  const [cipherOid, iv] = readAlgorithm(encryption)
  const cipher = ciphers[cipherOid]
  if (cipher === undefined)
    throw new KeyFileError(
      `${what} uses ${named('cipher', Buffer.from(cipherOid, 'hex'))}. Only AES and triple DES in CBC mode are allowed.`,
      reencrypt,
    )
  const ivBytes = contentOf(iv, tag.octetString)
  const { length } = ciphertext.content
  if (
    ivBytes.length !== cipher.ivLength ||
    length === 0 ||
    length % cipher.ivLength !== 0
  )
    throw malformed()
  return {
    kdf: readKdf(kdf, cipher),
    cipher,
    iv: ivBytes,
    ciphertext: ciphertext.content,
  }
}

function readKdf(element: Element | undefined, cipher: Cipher): Kdf {
  const [name, parameters] = readAlgorithm(element)
  const members = readElements(contentOf(parameters, tag.sequence), what)
  const [salt, ...rest] = members
  const kdf: Kdf | undefined =
    name === scryptOid
      ? readScrypt(contentOf(salt, tag.octetString), rest, cipher)
      : name === pbkdf2Oid
        ? readPbkdf2(contentOf(salt, tag.octetString), rest, cipher)
        : undefined
  if (kdf === undefined)
    throw new KeyFileError(
      `${what} uses ${named('key derivation function', Buffer.from(name, 'hex'))}. Only PBKDF2 and scrypt are allowed.`,
      reencrypt,
    )
  assertAffordable(kdf, what)
  return kdf
}

function readScrypt(
  salt: Buffer,
  rest: readonly Element[],
  cipher: Cipher,
): Kdf {
  const [n, r, p, keyLength, ...more] = rest
  assertKeyLength(keyLength, cipher)
  if (more.length > 0) throw malformed()
  return {
    kind: 'scrypt',
    salt,
    n: readInteger(n, what),
    r: readInteger(r, what),
    p: readInteger(p, what),
  }
}

function readPbkdf2(
  salt: Buffer,
  rest: readonly Element[],
  cipher: Cipher,
): Kdf {
  const [iterations, ...optional] = rest
  if (optional[0]?.tag === tag.integer)
    assertKeyLength(optional.shift(), cipher)
  // SHA-1 is the default, so DER omits it.
  const [prf] =
    optional.length === 0 ? [undefined] : readAlgorithm(optional.shift())
  const hash = prf === undefined ? 'sha1' : prfs[prf]
  if (optional.length > 0) throw malformed()
  if (hash === undefined)
    throw new KeyFileError(
      `${what} uses PBKDF2 with ${named('function', Buffer.from(prf ?? '', 'hex'))}. Only HMAC with SHA-1 or SHA-2 is allowed.`,
      reencrypt,
    )
  return {
    kind: 'pbkdf2',
    salt,
    iterations: readInteger(iterations, what),
    hash,
  }
}

function assertKeyLength(element: Element | undefined, cipher: Cipher): void {
  if (element !== undefined && readInteger(element, what) !== cipher.keyLength)
    throw malformed()
}

/** AlgorithmIdentifier: an OID in hex and its parameters, if any. */
function readAlgorithm(
  element: Element | undefined,
): [name: string, parameters: Element | undefined] {
  const [name, parameters, ...more] = readElements(
    contentOf(element, tag.sequence),
    what,
  )
  if (more.length > 0) throw malformed()
  return [contentOf(name, tag.oid).toString('hex'), parameters]
}

function contentOf(element: Element | undefined, expected: number): Buffer {
  if (element?.tag !== expected) throw malformed()
  return element.content
}

function malformed(): KeyFileError {
  return new KeyFileError(
    `${what} has an invalid structure.`,
    'The file is damaged. Copy it again, or use the backup.',
  )
}

/**
 * @returns The key inside, which the caller zeroes.
 * @throws WrongPasswordError
 */
export async function decryptPkcs8(
  { kdf, cipher, iv, ciphertext }: EncryptedPkcs8,
  password: Uint8Array,
): Promise<Buffer> {
  const secret = await deriveKey(kdf, password, cipher.keyLength)
  try {
    return decryptCbc(cipher.name, secret, iv, ciphertext, what)
  } finally {
    wipe(secret)
  }
}

/** @throws WrongPasswordError */
export function decryptCbc(
  cipher: string,
  key: Buffer,
  iv: Buffer,
  ciphertext: Buffer,
  what: string,
): Buffer {
  const decipher = createDecipheriv(cipher, key, iv)
  const first = decipher.update(ciphertext)
  let last: Buffer | undefined
  try {
    last = decipher.final()
    const plain = allocate(first.length + last.length)
    first.copy(plain)
    last.copy(plain, first.length)
    return plain
  } catch {
    throw new WrongPasswordError(
      `${what} can't be decrypted with this password.`,
      'Either the password is wrong, or the key file is damaged.',
    )
  } finally {
    wipe(first, last)
  }
}
