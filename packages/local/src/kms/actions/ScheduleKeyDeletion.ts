import { defineKeyAction } from '../Action.js'
import { assertNotPendingDeletion } from '../assertState.js'
import { validation } from '../errors.js'
import * as members from '../validation/members.js'

const dayMs = 24 * 60 * 60 * 1000
const defaultDays = 30

export const ScheduleKeyDeletion = defineKeyAction({
  input: {
    KeyId: members.keyId,
    PendingWindowInDays: { type: 'integer', min: 1, max: 365 },
  },
  form: 'key',
  keyIdOf: (input) => input.KeyId,
  exclusive: true,
  conditions: (input) => ({
    'kms:ScheduleKeyDeletionPendingWindowInDays':
      input.PendingWindowInDays ?? defaultDays,
  }),
  run: async (call, key, { PendingWindowInDays: days = defaultDays }) => {
    const { kms } = call
    if (days < 7 || days > 30)
      throw validation(
        `PendingWindowInDays must be between 7 and 30 days, but ${days} was given.`,
      )
    assertNotPendingDeletion(call, key)
    const deletionDate = kms.now() + days * dayMs
    await kms.keys.save({ ...key, deletionDate })
    return {
      KeyId: key.arn,
      DeletionDate: deletionDate / 1000,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: days,
    }
  },
})
