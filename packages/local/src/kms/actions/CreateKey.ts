import { randomUUID } from 'node:crypto'
import { defineAction } from '../Action.js'
import * as Arn from '../Arn.js'
import { authorizeResource, requestTags } from '../authorizeCall.js'
import { unsupported, validation } from '../errors.js'
import { generateMaterial, type Key, keySpec, toMetadata } from '../Key.js'
import { assertKeyPolicy, defaultPolicy } from '../KeyPolicy.js'
import { compatibleUsages, keySpecs, keyUsages } from '../keySpecs.js'
import * as Tags from '../Tags.js'
import * as members from '../validation/members.js'

export const CreateKey = defineAction({
  input: {
    Policy: members.policy,
    Description: members.description,
    KeyUsage: keyUsages,
    CustomerMasterKeySpec: keySpecs,
    KeySpec: keySpecs,
    Origin: {
      type: 'string',
      values: ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'],
    },
    CustomKeyStoreId: { type: 'string', min: 1, max: 64 },
    BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
    Tags: members.tags,
    MultiRegion: { type: 'boolean' },
    XksKeyId: {
      type: 'string',
      min: 1,
      max: 128,
      pattern: '^[a-zA-Z0-9-_.]+$',
    },
  },
  run: async (call, input) => {
    const { kms } = call
    const bypass = input.BypassPolicyLockoutSafetyCheck ?? false
    authorizeResource(call, '*', {
      'kms:KeySpec':
        input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
      'kms:MultiRegion': input.MultiRegion ?? false,
      'kms:BypassPolicyLockoutSafetyCheck': bypass,
      ...requestTags(Tags.fromEntries(input.Tags ?? [])),
    })
    assertSpec(input)
    const origin = assertOrigin(input)
    const tags = Tags.add(input.Tags ?? [])
    const keyId = randomUUID()
    const key: Key = {
      keyId,
      arn: Arn.ofKey(kms, keyId),
      createdAt: kms.now(),
      origin,
      description: input.Description ?? '',
      policy: input.Policy ?? defaultPolicy(kms.accountId),
      tags,
      enabled: true,
      material: origin === 'AWS_KMS' ? generateMaterial() : undefined,
    }
    if (input.Policy !== undefined) assertKeyPolicy(call, key, bypass)
    await kms.keys.save(key)
    return { KeyMetadata: toMetadata(key, kms.accountId, kms.now()) }
  },
})

const assertSpec = (input: {
  KeySpec?: string
  CustomerMasterKeySpec?: string
  KeyUsage?: string
}): void => {
  const { KeySpec, CustomerMasterKeySpec, KeyUsage } = input
  if (KeySpec !== undefined && CustomerMasterKeySpec !== undefined)
    throw validation(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    )
  const given = KeySpec ?? CustomerMasterKeySpec
  const spec = given ?? 'SYMMETRIC_DEFAULT'
  if (KeyUsage === undefined) {
    if (spec !== 'SYMMETRIC_DEFAULT')
      throw validation(
        'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
      )
  } else if (!compatibleUsages(spec).includes(KeyUsage))
    throw validation(
      given === undefined
        ? `The operation failed because the KeyUsage value of the CMK is ${KeyUsage}. To perform this operation, the KeyUsage value must be ENCRYPT_DECRYPT.`
        : `KeyUsage ${KeyUsage} is not compatible with KeySpec ${spec}`,
    )
  if (spec !== keySpec)
    throw unsupported(
      `KeySpec ${spec} is not supported by this local KMS, which creates only ${keySpec} keys.`,
    )
}

const assertOrigin = (input: {
  Origin?: string
  CustomKeyStoreId?: string
  XksKeyId?: string
  MultiRegion?: boolean
}): 'AWS_KMS' | 'EXTERNAL' => {
  const { Origin = 'AWS_KMS' } = input
  if (Origin !== 'AWS_KMS' && Origin !== 'EXTERNAL')
    throw unsupported(
      `Origin ${Origin} is not valid for a key of KeySpec ${keySpec}.`,
    )
  if (input.CustomKeyStoreId !== undefined || input.XksKeyId !== undefined)
    throw unsupported(
      `A key of KeySpec ${keySpec} can't be in a custom key store.`,
    )
  if (input.MultiRegion)
    throw unsupported('This local KMS has no multi-Region keys.')
  return Origin
}
