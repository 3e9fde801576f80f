import { defineKeyAction } from '../Action.js'
import { invalidState } from '../errors.js'
import * as members from '../validation/members.js'

export const CancelKeyDeletion = defineKeyAction({
  input: { KeyId: members.keyId },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  run: async (call, key) => {
    if (key.deletionDate === undefined)
      throw invalidState(`${key.arn} is not pending deletion.`)
    // The key becomes disabled, regardless of its earlier state.
    const { deletionDate: _, ...rest } = key
    await call.kms.keys.save({ ...rest, enabled: false })
    return { KeyId: key.arn }
  },
})
