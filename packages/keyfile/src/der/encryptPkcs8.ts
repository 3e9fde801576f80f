import { createCipheriv, randomBytes } from 'node:crypto'
import { deriveKey } from '../kdf.js'
import { wipe } from '../wipe.js'
import { pbes2Oid, pbkdf2Oid } from './algorithms.js'
import { encodeElement, encodeInteger, tag } from './Der.js'

/**
 * With this many iterations, each guess takes about a sixth of a second on a
 * typical machine.
 */
const iterations = 1_000_000
const hmacWithSha256 = '2a864886f70d0209'
const aes256Cbc = '60864801650304012a'

/**
 * Encrypts PKCS#8 with a password: PBES2 with PBKDF2-HMAC-SHA-256 and AES-256
 * in CBC. scrypt would be costlier to guess, but by default, OpenSSL refuses
 * scrypt that takes more than 32 MiB, and LibreSSL doesn't read it at all.
 *
 * @returns EncryptedPrivateKeyInfo in DER.
 */
export async function encryptPkcs8(
  pkcs8: Uint8Array,
  password: Uint8Array,
): Promise<Buffer> {
  const salt = randomBytes(16)
  const iv = randomBytes(16)
  const kdf = { kind: 'pbkdf2', salt, iterations, hash: 'sha256' } as const
  const key = await deriveKey(kdf, password, 32)
  try {
    const cipher = createCipheriv('aes-256-cbc', key, iv)
    const ciphertext = [cipher.update(pkcs8), cipher.final()]
    const derivation = sequence(
      encodeElement(tag.octetString, salt),
      encodeInteger(iterations),
      sequence(oid(hmacWithSha256), encodeElement(tag.null)),
    )
    const parameters = sequence(
      sequence(oid(pbkdf2Oid), derivation),
      sequence(oid(aes256Cbc), encodeElement(tag.octetString, iv)),
    )
    return sequence(
      sequence(oid(pbes2Oid), parameters),
      encodeElement(tag.octetString, ...ciphertext),
    )
  } finally {
    wipe(key)
  }
}

function sequence(...elements: readonly Buffer[]): Buffer {
  return encodeElement(tag.sequence, ...elements)
}

function oid(content: string): Buffer {
  return encodeElement(tag.oid, Buffer.from(content, 'hex'))
}
