import { defineKeyAction } from '../Action.js'
import { assertNotPendingDeletion } from '../assertState.js'
import * as Tags from '../Tags.js'
import * as members from '../validation/members.js'

export const UntagResource = defineKeyAction({
  input: {
    KeyId: members.keyId,
    TagKeys: {
      type: 'list',
      required: true,
      member: { type: 'string', min: 1, max: 128 },
    },
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  run: async (call, key, input) => {
    assertNotPendingDeletion(call, key)
    const tags = Tags.remove(input.TagKeys, key.tags)
    await call.kms.keys.save({ ...key, tags })
    return undefined
  },
})
