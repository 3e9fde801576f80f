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
  "The key's Ethereum address differs from its Bitcoin address. Export the " +
  'key in hex, pass it with --in -, and compare the address.'

/** Files that people mistake for key files, recognized by their beginnings. */
const foreigners: readonly Foreign[] = [
  {
    matches: (content) =>
      startsWith('-----BEGIN PGP MESSAGE')(content) || isPgpMessage(content),
    is: 'encrypted with gpg',
    todo: 'Decrypt it into a pipe: --in <(gpg -d FILE).',
  },
  {
    matches: startsWith('-----BEGIN PGP '),
    is: 'a PGP key or signature',
    todo: "A PGP key can't be used for an Ethereum account. Is this the right file?",
  },
  {
    matches: startsWith(
      'age-encryption.org/',
      '-----BEGIN AGE ENCRYPTED FILE-----',
    ),
    is: 'encrypted with age',
    todo: 'Decrypt it into a pipe: --in <(age -d -i IDENTITY FILE).',
  },
  {
    matches: (content) => content.includes('AGE-SECRET-KEY-'),
    is: 'an age identity',
    todo: 'An age identity is for decrypting files. It is not an Ethereum key.',
  },
  {
    matches: startsWith('Salted__', 'U2FsdGVkX1'),
    is: 'encrypted with openssl enc',
    todo: 'Decrypt it with openssl enc -d and the same options as for encryption.',
  },
  {
    matches: startsWith('PK\x03\x04'),
    is: 'a zip archive',
    todo: 'Extract the key file into a pipe: --in <(unzip -p FILE NAME).',
  },
  {
    matches: startsWith('7z\xbc\xaf\x27\x1c', '\x1f\x8b\x08'),
    is: 'an archive (7z or gzip)',
    todo: 'Unpack it, and pass the key file inside.',
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
    todo: "SSH doesn't use secp256k1, so the key can't be used for an Ethereum account.",
  },
  {
    matches: (content) =>
      startsWith('5', 'K', 'L', '9', 'c')(content) && isBase58(content, 51, 52),
    is: 'a Bitcoin private key (WIF)',
    todo: otherAccount,
  },
  {
    matches: (content) =>
      startsWith(...'xtyzuv'.split(''))(content) &&
      startsWith('prv', 'pub')(content.subarray(1)) &&
      isBase58(content, 111, 112),
    is: 'a BIP-32 extended key (such as xprv), the root of many accounts',
    todo: 'Pass the recovery phrase with --derivation-path, or the hex key of one account with --in -.',
  },
  {
    matches: (content) => isBase58(content, 86, 88),
    is: 'a Solana key in base58',
    todo: "Solana keys use Ed25519, so they can't be used for an Ethereum account.",
  },
  {
    matches: (content) => content[0] === 0x5b && content.every(isOfNumbers),
    is: 'a list of numbers, which is how Solana writes its keys',
    todo: "Solana keys use Ed25519, so they can't be used for an Ethereum account.",
  },
  {
    // Searches the bytes, because parsing would turn the secret into strings.
    matches: (content) =>
      content[0] === 0x7b &&
      content.includes('"kty"') &&
      content.includes('"secp256k1"'),
    is: 'a JWK',
    todo: `Convert it with Node: node -p "crypto.createPrivateKey({ key: JSON.parse(fs.readFileSync('FILE')), format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' })" > NEW.`,
  },
  {
    matches: (content) => content[0] === 0x7b && content.includes('"kty"'),
    is: 'a JWK that is not for secp256k1',
    todo: "This key can't be used for an Ethereum account. Is this the right file?",
  },
]

/**
 * Refuses known but unsupported formats by name, and says what to do. It
 * doesn't quote the content or turn it into a string.
 *
 * @param content - Without surrounding blanks and byte order mark.
 * @throws KeyFileError
 */
export function refuseForeign(content: Buffer): void {
  const found = foreigners.find(({ matches }) => matches(content))
  if (found !== undefined)
    throw new KeyFileError(`The file is ${found.is}.`, found.todo)
}

/**
 * RFC 4880, 5.1 and 5.3: a packet with a session key has its length in one or
 * two bytes, then the version, which is 3 for a public key and 4 to 6 for a
 * password.
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
