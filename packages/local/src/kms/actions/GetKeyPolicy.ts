import { defineKeyAction } from '../Action.js'
import { notFound } from '../errors.js'
import * as members from '../validation/members.js'

export const GetKeyPolicy = defineKeyAction({
  input: { KeyId: members.keyId, PolicyName: members.policyName },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  run: (_call, key, { PolicyName = 'default' }) => {
    if (PolicyName !== 'default') throw notFound('No such policy exists')
    return { Policy: key.policy, PolicyName }
  },
})
