import { defineKeyAction } from '../Action.js'
import { assertNotPendingDeletion } from '../assertState.js'
import * as members from '../validation/members.js'

export const UpdateKeyDescription = defineKeyAction({
  input: {
    KeyId: members.keyId,
    Description: { ...members.description, required: true },
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  run: async (call, key, input) => {
    assertNotPendingDeletion(call, key)
    await call.kms.keys.save({ ...key, description: input.Description })
    return undefined
  },
})
