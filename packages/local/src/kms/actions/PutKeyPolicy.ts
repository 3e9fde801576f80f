import { defineKeyAction } from '../Action.js'
import { notFound } from '../errors.js'
import { assertKeyPolicy } from '../KeyPolicy.js'
import * as members from '../validation/members.js'

export const PutKeyPolicy = defineKeyAction({
  input: {
    KeyId: members.keyId,
    PolicyName: members.policyName,
    Policy: { ...members.policy, required: true },
    BypassPolicyLockoutSafetyCheck: { type: 'boolean' },
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  conditions: (input) => ({
    'kms:BypassPolicyLockoutSafetyCheck':
      input.BypassPolicyLockoutSafetyCheck ?? false,
  }),
  run: async (call, key, input) => {
    if ((input.PolicyName ?? 'default') !== 'default')
      throw notFound('No such policy exists')
    const changed = { ...key, policy: input.Policy }
    const bypass = input.BypassPolicyLockoutSafetyCheck ?? false
    assertKeyPolicy(call, changed, bypass)
    await call.kms.keys.save(changed)
    return undefined
  },
})
