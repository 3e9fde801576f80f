import type { ExpirationModel, Key, KeyMaterial } from '../Key.js'

// One line of JSON, then the 32 bytes of the private key if there is material.
// The bytes are kept out of the JSON so that they never become a string, which
// couldn't be zeroed.

type Header = {
  version: 1
  keyId: string
  createdAt: number
  origin: 'AWS_KMS' | 'EXTERNAL'
  description: string
  policy: string
  tags: Record<string, string>
  enabled: boolean
  deletionDate?: number
  publicKeyDigest?: string
  material?: {
    publicKey: string
    expirationModel?: ExpirationModel
    validTo?: number
  }
}

/** The file's content. The caller zeroes it after writing. */
export const encode = (key: Key): Buffer => {
  const { arn: _, material, ...rest } = key
  const header = Buffer.from(
    `${JSON.stringify({
      version: 1,
      ...rest,
      ...(material && {
        material: {
          publicKey: Buffer.from(material.publicKey).toString('hex'),
          expirationModel: material.expirationModel,
          validTo: material.validTo,
        },
      }),
    })}\n`,
  )
  return material ? Buffer.concat([header, material.privateKey]) : header
}

/**
 * Reads a key's file, and zeroes the given content.
 *
 * @throws Error for content that this version did not write.
 */
export const decode = (content: Buffer, arnOf: (id: string) => string): Key => {
  const end = content.indexOf(0x0a)
  if (end < 0) throw new Error('no header line')
  const header = JSON.parse(content.toString('utf8', 0, end)) as Header
  if (header.version !== 1) throw new Error(`version ${header.version}`)
  const { version: _, material, ...rest } = header
  const privateKey = Uint8Array.from(content.subarray(end + 1))
  content.fill(0)
  if (privateKey.length !== (material ? 32 : 0))
    throw new Error(`${privateKey.length} bytes of key material`)
  return {
    ...rest,
    arn: arnOf(header.keyId),
    ...(material && { material: withKeys(material, privateKey) }),
  }
}

const withKeys = (
  material: NonNullable<Header['material']>,
  privateKey: Uint8Array,
): KeyMaterial => ({
  ...material,
  privateKey,
  publicKey: Uint8Array.from(Buffer.from(material.publicKey, 'hex')),
})
