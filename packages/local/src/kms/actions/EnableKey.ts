import { defineKeyAction } from '../Action.js'
import { assertHasMaterial } from '../assertState.js'
import * as members from '../validation/members.js'

export const EnableKey = defineKeyAction({
  input: { KeyId: members.keyId },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  run: async (call, key) => {
    assertHasMaterial(call, key)
    await call.kms.keys.save({ ...key, enabled: true })
    return undefined
  },
})
