import { findDuplicate } from '@keyward/core'
import { copyAgain, KeyFileError } from '../KeyFileError.js'
import { assertAffordable, type Kdf } from '../kdf.js'
import { nameOther } from './nameOther.js'

const what = 'The keystore'

/** A V3 keystore, "Web3 Secret Storage". Nothing in it is secret by itself. */
export type Keystore = {
  kdf: Kdf
  iv: Buffer
  ciphertext: Buffer
  mac: Buffer
  /** 40 lower-case hex digits, if the file has it. */
  address: string | undefined
}

type Members = Readonly<Record<string, unknown>>

/**
 * @param text - The JSON of a V3 keystore, as geth, ethers and cast write it.
 * @throws KeyFileError, which never quotes the file
 */
export function parseKeystore(text: string): Keystore {
  const keystore = asMembers(parseJson(text), 'It', 'a JSON object')
  if ((keystore.version ?? keystore.Version) !== 3)
    throw refusal(...nameOther(keystore))
  const crypto = asMembers(
    oneOf(keystore, 'crypto', 'Crypto'),
    'crypto',
    'an object',
  )
  if (crypto.cipher !== 'aes-128-ctr')
    throw refusal(
      `is encrypted with ${algorithm(crypto.cipher, 'an unknown cipher')} instead of aes-128-ctr.`,
      reexport,
    )
  const { iv } = asMembers(crypto.cipherparams, 'cipherparams', 'an object')
  const kdf = readKdf(crypto)
  assertAffordable(kdf, what)
  return {
    kdf,
    iv: readBytes(iv, 'cipherparams.iv', 16),
    ciphertext: readCiphertext(crypto.ciphertext),
    mac: readBytes(crypto.mac, 'mac', 32),
    address: readAddress(keystore.address),
  }
}

function parseJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own error quotes the text.
    throw refusal(
      'is not valid JSON.',
      'The file is cut off or damaged. Copy it again, or use the backup.',
    )
  }
  if (findDuplicate(text))
    throw refusal(
      'has a duplicate member, and programs differ in which one they use.',
      'No wallet writes such a file. Use another copy, or export the key again.',
    )
  return value
}

function readKdf(crypto: Members): Kdf {
  const params = asMembers(crypto.kdfparams, 'kdfparams', 'an object')
  // geth and ethers use the first 32 bytes, regardless of the length.
  if (params.dklen !== 32)
    throw refusal('lacks kdfparams.dklen, or kdfparams.dklen is not 32.')
  const salt = readBytes(params.salt, 'kdfparams.salt')
  if (crypto.kdf === 'scrypt')
    return {
      kind: 'scrypt',
      salt,
      n: asNumber(params.n, 'n'),
      r: asNumber(params.r, 'r'),
      p: asNumber(params.p, 'p'),
    }
  if (crypto.kdf !== 'pbkdf2')
    throw refusal(
      `uses ${algorithm(crypto.kdf, 'an unknown function')} for key derivation. Only scrypt and pbkdf2 are allowed.`,
      reexport,
    )
  if (params.prf !== 'hmac-sha256')
    throw refusal(
      `uses PBKDF2 with ${algorithm(params.prf, 'an unknown function')} instead of hmac-sha256.`,
      reexport,
    )
  return {
    kind: 'pbkdf2',
    salt,
    iterations: asNumber(params.c, 'c'),
    hash: 'sha256',
  }
}

const reexport =
  'Open the keystore in the wallet that wrote it, and export the key as a V3 keystore or in hex.'

/** Quoted only if it is as short and plain as an algorithm's name. */
function algorithm(name: unknown, otherwise: string): string {
  return typeof name === 'string' && /^[a-z0-9][a-z0-9-]{1,23}$/i.test(name)
    ? name
    : otherwise
}

/**
 * Some wallets capitalize the name. A file with both spellings would be
 * ambiguous.
 */
function oneOf(members: Members, first: string, second: string): unknown {
  if (members[first] !== undefined && members[second] !== undefined)
    throw refusal(`has both ${first} and ${second}.`)
  return members[first] ?? members[second]
}

function readAddress(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const digits =
    typeof value === 'string' &&
    /^(?:0x)?([0-9a-f]{40})$/.exec(value.toLowerCase())?.[1]
  if (!digits) throw refusal('has an address that is not 40 hex digits.')
  return digits
}

function readBytes(value: unknown, name: string, length?: number): Buffer {
  const [, digits] =
    (typeof value === 'string' && /^(?:0x)?((?:[0-9a-f]{2})*)$/i.exec(value)) ||
    []
  if (digits === undefined)
    throw refusal(
      `lacks ${name}, or ${name} is not an even number of hex digits.`,
    )
  const bytes = Buffer.from(digits, 'hex')
  if (length !== undefined && bytes.length !== length)
    throw refusal(
      `has a ${name} of ${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'} instead of ${length}.`,
    )
  return bytes
}

/**
 * Old wallets stripped a key's leading zeros; geth's test vectors include such
 * keys.
 */
function readCiphertext(value: unknown): Buffer {
  const bytes = readBytes(value, 'ciphertext')
  if (bytes.length > 0 && bytes.length <= 32) return bytes
  throw refusal(`has a ciphertext of ${bytes.length} bytes instead of 32.`)
}

function asNumber(value: unknown, name: string): number {
  if (typeof value === 'number') return value
  throw refusal(
    `lacks kdfparams.${name}, or kdfparams.${name} is not a number.`,
  )
}

function asMembers(value: unknown, name: string, expected: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Members
  throw refusal(
    name === 'It'
      ? `is not ${expected}.`
      : `lacks ${name}, or ${name} is not ${expected}.`,
  )
}

function refusal(fault: string, details = copyAgain): KeyFileError {
  return new KeyFileError(`${what} ${fault}`, details)
}
