import { KeyFileError } from '../KeyFileError.js'
import { isBlank } from './isBlank.js'

type Foreign = {
  matches(content: Buffer): boolean
  is: string
  todo: string
}

const startsWith = (...starts: readonly string[]) => {
  const heads = starts.map((start) => Buffer.from(start, 'latin1'))
  return (content: Buffer) =>
    heads.some((head) => head.equals(content.subarray(0, head.length)))
}

const otherAccount =
  'Its address in Ethereum is not its Bitcoin address. Export the key in hex, give it by --in -, and compare the address.'

/** Files that people take for a key file, by how they begin. */
const foreigners: readonly Foreign[] = [
  {
    matches: (content) =>
      startsWith('-----BEGIN PGP MESSAGE')(content) || isPgpMessage(content),
    is: 'encrypted by gpg',
    todo: 'Decrypt it into a pipe: --in <(gpg -d FILE).',
  },
  {
    matches: startsWith('-----BEGIN PGP '),
    is: 'a key or signature of PGP',
    todo: 'A PGP key belongs to no Ethereum account. Is this the right file?',
  },
  {
    matches: startsWith(
      'age-encryption.org/',
      '-----BEGIN AGE ENCRYPTED FILE-----',
    ),
    is: 'encrypted by age',
    todo: 'Decrypt it into a pipe: --in <(age -d -i IDENTITY FILE).',
  },
  {
    matches: (content) => content.includes('AGE-SECRET-KEY-'),
    is: 'an identity of age',
    todo: 'It decrypts files and belongs to no Ethereum account.',
  },
  {
    matches: startsWith('Salted__', 'U2FsdGVkX1'),
    is: 'encrypted by openssl enc',
    todo: 'Decrypt it with openssl enc -d and the options it was encrypted with.',
  },
  {
    matches: startsWith('PK\x03\x04'),
    is: 'a zip archive',
    todo: 'Extract the key file into a pipe: --in <(unzip -p FILE NAME).',
  },
  {
    matches: startsWith('7z\xbc\xaf\x27\x1c', '\x1f\x8b\x08'),
    is: 'an archive (7z or gzip)',
    todo: 'Unpack it and give the key file inside.',
  },
  {
    matches: startsWith(
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      '---- BEGIN SSH2 ',
      'PuTTY-User-Key-File-',
      'ssh-',
      'ecdsa-sha2-',
    ),
    is: 'an SSH key',
    todo: 'SSH has no keys on secp256k1, so it belongs to no Ethereum account.',
  },
  {
    matches: (content) =>
      startsWith('5', 'K', 'L', '9', 'c')(content) && isBase58(content, 51, 52),
    is: 'a private key of Bitcoin (WIF)',
    todo: otherAccount,
  },
  {
    matches: (content) =>
      startsWith(...'xtyzuv'.split(''))(content) &&
      startsWith('prv', 'pub')(content.subarray(1)) &&
      isBase58(content, 111, 112),
    is: 'an extended key of BIP-32 (such as xprv), the root of many accounts',
    todo: 'Give the recovery phrase with --derivation-path, or the key of the one account in hex, by --in -.',
  },
  {
    matches: (content) => isBase58(content, 86, 88),
    is: 'a key of Solana in base58',
    todo: 'It is on Ed25519 and belongs to no Ethereum account.',
  },
  {
    matches: (content) => content[0] === 0x5b && content.every(isOfNumbers),
    is: 'a list of numbers, as Solana writes its keys',
    todo: "Solana's keys are on Ed25519 and belong to no Ethereum account.",
  },
  {
    // Looked for in the bytes: parsing would make strings of the secret.
    matches: (content) =>
      content[0] === 0x7b &&
      content.includes('"kty"') &&
      content.includes('"secp256k1"'),
    is: 'a JWK',
    todo: `Convert it with Node: node -p "crypto.createPrivateKey({ key: JSON.parse(fs.readFileSync('FILE')), format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' })" > NEW.`,
  },
  {
    matches: (content) => content[0] === 0x7b && content.includes('"kty"'),
    is: 'a JWK that is not on secp256k1',
    todo: 'It belongs to no Ethereum account. Is this the right file?',
  },
]

/**
 * Refuses what is known and not read, by its name and with what to do. Nothing
 * of the content is quoted, and no string is made of it.
 *
 * @param content - Without blanks and byte order mark around it.
 * @throws KeyFileError
 */
export function refuseForeign(content: Buffer): void {
  const found = foreigners.find(({ matches }) => matches(content))
  if (found !== undefined)
    throw new KeyFileError(`The file is ${found.is}.`, found.todo)
}

/**
 * RFC 4880, 5.1 and 5.3: a packet with a session key, its length in one byte or
 * two, then the version: 3 for a public key's, 4 to 6 for a password's.
 */
function isPgpMessage(content: Buffer): boolean {
  const [tag = 0, , second = 0, third = 0] = content
  if (tag === 0x84 || tag === 0xc1) return second === 3
  if (tag === 0x85) return third === 3
  return (tag === 0x8c || tag === 0xc3) && second >= 4 && second <= 6
}

function isBase58(content: Buffer, least: number, most: number): boolean {
  return (
    content.length >= least &&
    content.length <= most &&
    content.every((code) => base58.includes(code))
  )
}

const base58 = Buffer.from(
  '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
)

function isOfNumbers(code: number): boolean {
  return (
    isBlank(code) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2c ||
    code === 0x5b ||
    code === 0x5d
  )
}
