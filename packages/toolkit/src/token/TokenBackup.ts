import { createHash } from 'node:crypto'
import {
  AddressField,
  Fields,
  type Hex,
  HexField,
  Problems,
  PublicKey,
} from '@keyward/core'
import type { WrappedKey } from '@keyward/core/pkcs11'

/**
 * A file with a key that was exported from its token, wrapped for another
 * token. The file alone is not secret.
 */
export type TokenBackup = {
  address: string
  label: string
  /** SHA-256 hash of the recipient's SubjectPublicKeyInfo, in hex. */
  recipient: string
  wrapped: Pick<WrappedKey, 'spki' | 'hash' | 'bytes'>
}

const format = 'keyward-token-key'
const algorithms = {
  sha1: 'RSA_AES_KEY_WRAP_SHA_1',
  sha256: 'RSA_AES_KEY_WRAP_SHA_256',
} as const
const maxBytes = 4096

/** @param recipient - SubjectPublicKeyInfo. */
export function create(
  wrapped: WrappedKey,
  recipient: Uint8Array,
): TokenBackup {
  return {
    address: PublicKey.toAddress(PublicKey.fromSpki(wrapped.spki)),
    label: wrapped.label,
    recipient: createHash('sha256').update(recipient).digest('hex'),
    wrapped,
  }
}

export function toJson({ address, label, recipient, wrapped }: TokenBackup) {
  return {
    format,
    version: 1,
    address,
    label,
    publicKey: toHex(wrapped.spki),
    recipient: `0x${recipient}`,
    algorithm: algorithms[wrapped.hash],
    ciphertext: toHex(wrapped.bytes),
  }
}

/** @throws InvalidRequestError if a member is missing, wrong or unknown */
export function fromJson(value: unknown): TokenBackup {
  const problems = Problems.create('token backup')
  const known = ['format', 'version', 'address', 'label', 'publicKey']
  const more = ['recipient', 'algorithm', 'ciphertext']
  const fields = Fields.open(value, [...known, ...more], '', problems)
  if (fields !== undefined && fields.raw('format') !== format)
    problems.wrong('format', fields.raw('format'), format)
  if (fields !== undefined && fields.raw('version') !== 1)
    problems.wrong('version', fields.raw('version'), '1')
  const hash = (['sha1', 'sha256'] as const).find(
    (one) => algorithms[one] === fields?.raw('algorithm'),
  )
  if (fields !== undefined && hash === undefined)
    problems.wrong(
      'algorithm',
      fields.raw('algorithm'),
      Object.values(algorithms).join(' or '),
    )
  const label = fields?.raw('label')
  if (fields !== undefined && (typeof label !== 'string' || label === ''))
    problems.wrong('label', label, 'a string that is not empty')
  const address = fields?.required('address', AddressField.parse)
  const spki = fields?.required('publicKey', HexField.bytes(200))
  const recipient = fields?.required('recipient', HexField.fixed(32))
  const bytes = fields?.required('ciphertext', HexField.bytes(maxBytes))
  problems.assertNone()
  const publicKey = toBytes(spki)
  const own = PublicKey.toAddress(PublicKey.fromSpki(publicKey))
  if (own.toLowerCase() !== address)
    problems.wrong('address', address, `${own}, the address of this publicKey`)
  problems.assertNone()
  return {
    address: own,
    label: String(label),
    recipient: String(recipient).slice(2),
    wrapped: { spki: publicKey, hash: hash ?? 'sha256', bytes: toBytes(bytes) },
  }
}

function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

function toBytes(hex: Hex | undefined): Uint8Array {
  return Uint8Array.from(Buffer.from(String(hex).slice(2), 'hex'))
}
