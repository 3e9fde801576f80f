import { createHash } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'

/** A KMS key in the store. A change creates a new record. */
export type Key = {
  readonly keyId: string
  readonly arn: string
  /** Milliseconds since the epoch, like every time in this record. */
  readonly createdAt: number
  readonly origin: 'AWS_KMS' | 'EXTERNAL'
  readonly description: string
  readonly policy: string
  readonly tags: Readonly<Record<string, string>>
  readonly enabled: boolean
  readonly deletionDate?: number | undefined
  /** Public key of the first imported material; kept forever. */
  readonly publicKeyDigest?: string | undefined
  readonly material?: KeyMaterial | undefined
}

export type KeyMaterial = {
  /** 32 bytes. */
  readonly privateKey: Uint8Array
  /** 65 bytes, uncompressed point. */
  readonly publicKey: Uint8Array
  readonly expirationModel?: ExpirationModel | undefined
  readonly validTo?: number | undefined
}

export type ExpirationModel =
  | 'KEY_MATERIAL_EXPIRES'
  | 'KEY_MATERIAL_DOES_NOT_EXPIRE'

export type KeyState =
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'

export const keySpec = 'ECC_SECG_P256K1'

/** The state that a key has at this time, if it still exists. */
export const stateOf = (key: Key, now: number): KeyState => {
  if (key.deletionDate !== undefined) return 'PendingDeletion'
  if (materialOf(key, now) === undefined) return 'PendingImport'
  return key.enabled ? 'Enabled' : 'Disabled'
}

/** The key's material, unless it is missing or has expired. */
export const materialOf = (key: Key, now: number): KeyMaterial | undefined => {
  const { material } = key
  return material?.validTo !== undefined && material.validTo <= now
    ? undefined
    : material
}

export const generateMaterial = (): KeyMaterial => {
  const privateKey = secp256k1.utils.randomSecretKey()
  return { privateKey, publicKey: publicKeyOf(privateKey) }
}

const publicKeyOf = (privateKey: Uint8Array): Uint8Array =>
  secp256k1.getPublicKey(privateKey, false)

export const digestOfPublicKey = (publicKey: Uint8Array): string =>
  createHash('sha256').update(publicKey).digest('hex')

// SubjectPublicKeyInfo (RFC 5480) up to the point: id-ecPublicKey with the
// named curve secp256k1.
const spkiPrefix = Buffer.from(
  '3056301006072a8648ce3d020106052b8104000a034200',
  'hex',
)

/** SubjectPublicKeyInfo, DER, 88 bytes. */
export const toSpki = (publicKey: Uint8Array): Buffer =>
  Buffer.concat([spkiPrefix, publicKey])

/** KeyMetadata, in the form of CreateKey and DescribeKey. */
export const toMetadata = (key: Key, accountId: string, now: number) => {
  const state = stateOf(key, now)
  const material = materialOf(key, now)
  return {
    AWSAccountId: accountId,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: key.createdAt / 1000,
    Enabled: state === 'Enabled',
    Description: key.description,
    KeyUsage: 'SIGN_VERIFY',
    KeyState: state,
    DeletionDate: toSeconds(key.deletionDate),
    ValidTo: toSeconds(material?.validTo),
    Origin: key.origin,
    ExpirationModel: material?.expirationModel,
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: keySpec,
    KeySpec: keySpec,
    SigningAlgorithms: ['ECDSA_SHA_256'],
    MultiRegion: false,
  }
}

const toSeconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1000
