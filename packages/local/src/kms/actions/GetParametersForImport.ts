import { defineKeyAction } from '../Action.js'
import { assertExternal, assertNotPendingDeletion } from '../assertState.js'
import { unsupported } from '../errors.js'
import {
  type WrappingAlgorithm,
  type WrappingKeySpec,
  wrappingAlgorithms,
  wrappingKeySpecs,
} from '../import/WrappingAlgorithm.js'
import { keySpec } from '../Key.js'
import * as members from '../validation/members.js'

export const GetParametersForImport = defineKeyAction({
  input: {
    KeyId: members.keyId,
    WrappingAlgorithm: {
      type: 'string',
      required: true,
      values: ['RSAES_PKCS1_V1_5', ...wrappingAlgorithms, 'SM2PKE'],
    },
    WrappingKeySpec: {
      type: 'string',
      required: true,
      values: [...wrappingKeySpecs, 'SM2'],
    },
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  conditions: (input) => ({
    'kms:WrappingAlgorithm': input.WrappingAlgorithm,
    'kms:WrappingKeySpec': input.WrappingKeySpec,
  }),
  run: async (call, key, input) => {
    const { kms } = call
    assertExternal(key)
    assertNotPendingDeletion(call, key)
    const { WrappingAlgorithm: algorithm, WrappingKeySpec: spec } = input
    if (!isOurs(algorithm, wrappingAlgorithms))
      throw unsupported(
        `WrappingAlgorithm ${algorithm} is not valid for importing a key of KeySpec ${keySpec} in this Region.`,
      )
    if (!isOurs(spec, wrappingKeySpecs))
      throw unsupported(
        `WrappingKeySpec ${spec} is not valid for WrappingAlgorithm ${algorithm}.`,
      )
    const set = await kms.imports.issue({
      keyId: key.keyId,
      algorithm: algorithm satisfies WrappingAlgorithm,
      spec: spec satisfies WrappingKeySpec,
      now: kms.now(),
    })
    return {
      KeyId: key.arn,
      ImportToken: set.token.toString('base64'),
      PublicKey: set.publicKey.toString('base64'),
      ParametersValidTo: set.expiresAt / 1000,
    }
  },
})

const isOurs = <T extends string>(
  value: string,
  ours: readonly T[],
): value is T => (ours as readonly string[]).includes(value)
