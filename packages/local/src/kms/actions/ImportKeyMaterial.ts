import { AwsError } from '../../protocol/Service.js'
import { defineKeyAction } from '../Action.js'
import { assertExternal, assertNotPendingDeletion } from '../assertState.js'
import { unsupported, validation } from '../errors.js'
import * as Pkcs8 from '../import/Pkcs8.js'
import * as WrappingAlgorithm from '../import/WrappingAlgorithm.js'
import {
  digestOfPublicKey,
  type ExpirationModel,
  keySpec,
  stateOf,
} from '../Key.js'
import type { Call } from '../KmsContext.js'
import * as members from '../validation/members.js'

export const ImportKeyMaterial = defineKeyAction({
  input: {
    KeyId: members.keyId,
    ImportToken: members.ciphertext,
    EncryptedKeyMaterial: members.ciphertext,
    ValidTo: { type: 'timestamp' },
    ExpirationModel: {
      type: 'string',
      values: ['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'],
    },
    ImportType: {
      type: 'string',
      values: ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'],
    },
    KeyMaterialDescription: {
      type: 'string',
      min: 0,
      max: 256,
      pattern: '^[a-zA-Z0-9:/_\\s.-]+$',
    },
    KeyMaterialId: members.keyMaterialId,
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  conditions: (input) => ({
    'kms:ExpirationModel': input.ExpirationModel ?? 'KEY_MATERIAL_EXPIRES',
    'kms:ValidTo':
      input.ValidTo === undefined
        ? undefined
        : new Date(input.ValidTo).toISOString(),
  }),
  run: async (call, key, input) => {
    const { kms } = call
    assertExternal(key)
    assertNotPendingDeletion(call, key)
    for (const name of symmetricOnly)
      if (input[name] !== undefined)
        throw unsupported(
          `${name} is only valid for symmetric encryption keys; the key spec of ${key.arn} is ${keySpec}.`,
        )
    const expiry = readExpiry(input, kms.now())
    const { privateKey, publicKey } = await unwrap(call, key.keyId, input)
    const publicKeyDigest = digestOfPublicKey(publicKey)
    if ((key.publicKeyDigest ?? publicKeyDigest) !== publicKeyDigest) {
      privateKey.fill(0)
      throw incorrect(
        'it is not the key material that was first imported into this key',
      )
    }
    await kms.keys.save({
      ...key,
      enabled: stateOf(key, kms.now()) === 'PendingImport' || key.enabled,
      publicKeyDigest,
      material: { privateKey, publicKey, ...expiry },
    })
    return { KeyId: key.arn }
  },
})

const symmetricOnly = [
  'ImportType',
  'KeyMaterialDescription',
  'KeyMaterialId',
] as const

const longestMs = 365 * 24 * 60 * 60 * 1000

const readExpiry = (
  input: { ValidTo?: number; ExpirationModel?: string },
  now: number,
): { expirationModel: ExpirationModel; validTo?: number } => {
  const { ValidTo, ExpirationModel } = input
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (ValidTo !== undefined)
      throw validation(
        'The parameter ValidTo cannot be specified for a key with an expiration model of KEY_MATERIAL_DOES_NOT_EXPIRE',
      )
    return { expirationModel: ExpirationModel }
  }
  if (ValidTo === undefined)
    throw validation(
      'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
    )
  if (ValidTo <= now || ValidTo > now + longestMs)
    throw validation(
      'The validTo date must be in the future and at most 365 days from now',
    )
  return { expirationModel: 'KEY_MATERIAL_EXPIRES', validTo: ValidTo }
}

const unwrap = async (
  { kms }: Call,
  keyId: string,
  input: { ImportToken: Buffer; EncryptedKeyMaterial: Buffer },
): Promise<{ privateKey: Uint8Array; publicKey: Uint8Array }> => {
  const set = await kms.imports.open(input.ImportToken, keyId, kms.now())
  const pkcs8 = WrappingAlgorithm.unwrap(
    set.algorithm,
    set.wrappingKey,
    input.EncryptedKeyMaterial,
  )
  if (pkcs8 === 'wrong-size') throw validation('Invalid encrypted key size.')
  if (!pkcs8) throw new AwsError('InvalidCiphertextException')
  try {
    const read = Pkcs8.readPrivateKey(pkcs8)
    if ('refused' in read) throw incorrect(read.refused)
    return read
  } finally {
    pkcs8.fill(0)
  }
}

const incorrect = (why: string): AwsError =>
  new AwsError(
    'IncorrectKeyMaterialException',
    `The key material cannot be imported: ${why}.`,
  )
