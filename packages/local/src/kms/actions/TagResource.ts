import { defineKeyAction } from '../Action.js'
import { assertNotPendingDeletion } from '../assertState.js'
import { requestTags } from '../authorizeCall.js'
import * as Tags from '../Tags.js'
import * as members from '../validation/members.js'

export const TagResource = defineKeyAction({
  input: { KeyId: members.keyId, Tags: { ...members.tags, required: true } },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  conditions: (input) => requestTags(Tags.fromEntries(input.Tags)),
  run: async (call, key, input) => {
    assertNotPendingDeletion(call, key)
    const tags = Tags.add(input.Tags, key.tags)
    await call.kms.keys.save({ ...key, tags })
    return undefined
  },
})
