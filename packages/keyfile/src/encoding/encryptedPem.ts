import { createHash } from 'node:crypto'
import { allocate } from '../allocate.js'
import { decryptCbc } from '../der/pbes2.js'
import { KeyFileError } from '../KeyFileError.js'
import { wipe } from '../wipe.js'
import type { PemBlock } from './Pem.js'

const ciphers: Readonly<Record<string, [keyLength: number, ivLength: number]>> =
  {
    'AES-128-CBC': [16, 16],
    'AES-192-CBC': [24, 16],
    'AES-256-CBC': [32, 16],
    'DES-EDE3-CBC': [24, 8],
  }

/**
 * Decrypts a block with the headers of RFC 1421, which `openssl ec -aes256`
 * still writes.
 *
 * @returns The DER inside, which the caller zeroes.
 * @throws KeyFileError, WrongPasswordError
 */
export function decryptPem(block: PemBlock, password: Uint8Array): Buffer {
  const { cipher, iv, keyLength } = readHeaders(block)
  const key = stretch(password, iv.subarray(0, 8), keyLength)
  try {
    return decryptCbc(cipher, key, iv, block.der, 'The encrypted PEM block')
  } finally {
    wipe(key)
  }
}

function readHeaders({ headers, der }: PemBlock) {
  const [procType = '', dekInfo = '', ...more] = headers
  const [, cipher = '', digits = ''] =
    /^DEK-Info: ([A-Z0-9-]{1,40}),([0-9A-Fa-f]{1,64})$/.exec(dekInfo) ?? []
  const [keyLength, ivLength] = ciphers[cipher] ?? []
  const iv = Buffer.from(digits, 'hex')
  if (
    procType !== 'Proc-Type: 4,ENCRYPTED' ||
    keyLength === undefined ||
    iv.length !== ivLength ||
    digits.length !== 2 * ivLength ||
    more.length > 0 ||
    der.length === 0 ||
    der.length % ivLength !== 0
  )
    throw new KeyFileError(
      'The PEM block is damaged, or its headers specify an unsupported encryption algorithm.',
      'Allowed: "Proc-Type: 4,ENCRYPTED" and a "DEK-Info" with AES or triple ' +
        'DES in CBC mode. Encrypt the key again with OpenSSL: openssl pkcs8 ' +
        '-topk8 -v2 aes-256-cbc -in FILE -out NEW.',
    )
  return { cipher: cipher.toLowerCase(), iv, keyLength }
}

/** EVP_BytesToKey of OpenSSL, with MD5 and one round. */
function stretch(password: Uint8Array, salt: Buffer, length: number): Buffer {
  const key = allocate(length)
  let block = Buffer.alloc(0)
  for (let at = 0; at < length; at += block.length) {
    const next = createHash('md5')
      .update(block)
      .update(password)
      .update(salt)
      .digest()
    wipe(block)
    block = next
    block.copy(key, at)
  }
  wipe(block)
  return key
}
