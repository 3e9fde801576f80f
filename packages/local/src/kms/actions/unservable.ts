// AWS KMS operations that a single-Region k256 key can't serve. They answer
// with AWS's refusal, which tells a client more than the error for an unknown
// operation would.
import { AwsError } from '../../protocol/Service.js'
import { type Action, defineAction, defineKeyAction } from '../Action.js'
import { usableMaterial } from '../assertState.js'
import { authorizeResource } from '../authorizeCall.js'
import { unsupported, wrongUsage } from '../errors.js'
import * as members from '../validation/members.js'

const macAlgorithm = {
  type: 'string',
  required: true,
  values: ['HMAC_SHA_384', 'HMAC_SHA_256', 'HMAC_SHA_224', 'HMAC_SHA_512'],
} as const

const plaintext = {
  type: 'blob',
  required: true,
  min: 1,
  max: 4096,
} as const

/** The key's usage, SIGN_VERIFY, isn't valid for the operation. */
const usageRefused = {
  Encrypt: { Plaintext: plaintext },
  GenerateDataKey: {},
  GenerateDataKeyWithoutPlaintext: {},
  GenerateDataKeyPair: { KeyPairSpec: { type: 'string', required: true } },
  GenerateDataKeyPairWithoutPlaintext: {
    KeyPairSpec: { type: 'string', required: true },
  },
  GenerateMac: { Message: members.message, MacAlgorithm: macAlgorithm },
  VerifyMac: {
    Message: members.message,
    MacAlgorithm: macAlgorithm,
    Mac: members.ciphertext,
  },
  DeriveSharedSecret: {
    KeyAgreementAlgorithm: {
      type: 'string',
      required: true,
      values: ['ECDH'],
    },
    PublicKey: { type: 'blob', required: true, min: 1, max: 8192 },
  },
  Encapsulate: {},
  Decapsulate: {},
} as const

/** The key's spec or its single Region rules out the operation in any state. */
const specRefused = [
  'EnableKeyRotation',
  'DisableKeyRotation',
  'GetKeyRotationStatus',
  'ListKeyRotations',
  'RotateKeyOnDemand',
  'ReplicateKey',
  'UpdatePrimaryRegion',
] as const

const refuseUsage = (name: string, input: object): Action =>
  defineKeyAction({
    input: {
      KeyId: members.keyId,
      ...input,
      GrantTokens: members.grantTokens,
      DryRun: members.dryRun,
    },
    cryptographic: true,
    form: 'key-or-alias',
    keyIdOf: (read) => read.KeyId,
    run: (call, key) => {
      usableMaterial(call, key)
      throw wrongUsage(key.arn, name)
    },
  })

const refuseSpec = (): Action =>
  defineKeyAction({
    input: { KeyId: members.keyId },
    form: 'key',
    keyIdOf: (read) => read.KeyId,
    run: () => {
      throw unsupported()
    },
  })

/**
 * Without a KeyId, the ciphertext would have to identify the key, but no local
 * key produces ciphertexts.
 */
const Decrypt = defineAction({
  input: { CiphertextBlob: members.ciphertext, KeyId: members.optionalKeyId },
  cryptographic: true,
  run: (call, input) => {
    if (input.KeyId !== undefined)
      return refuseUsage('Decrypt', {}).run(call, input)
    authorizeResource(call, '*')
    throw new AwsError('InvalidCiphertextException')
  },
})

const ReEncrypt = defineKeyAction({
  input: {
    CiphertextBlob: members.ciphertext,
    DestinationKeyId: members.keyId,
    DryRun: members.dryRun,
  },
  cryptographic: true,
  form: 'key-or-alias',
  keyIdOf: (input) => input.DestinationKeyId,
  run: (call, key) => {
    usableMaterial(call, key)
    throw wrongUsage(key.arn, 'ReEncrypt')
  },
})

export const unservable: Readonly<Record<string, Action>> = {
  ...Object.fromEntries(
    Object.entries(usageRefused).map(([name, input]) => [
      name,
      refuseUsage(name, input),
    ]),
  ),
  ...Object.fromEntries(specRefused.map((name) => [name, refuseSpec()])),
  Decrypt,
  ReEncrypt,
}
