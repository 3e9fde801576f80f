import { define } from '../../program/define.js'
import { defaulting, number } from '../../program/Input.js'
import { argumentOrKey, yes } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const scheduleDeletionCommand = define('schedule-deletion', {
  description: 'have KMS delete a key permanently after a waiting period',
  takes: {
    ...argumentOrKey,
    days: defaulting(
      number('--days <n>', 'the waiting period in days', { min: 7, max: 30 }),
      30,
    ),
    yes,
  },
  help: `The key stops signing immediately. Until the waiting period ends, you can cancel
the deletion. The policy that Keyward gives a key allows only the 30 days.
Calls kms:DescribeKey, kms:ScheduleKeyDeletion; for the address, also
kms:GetPublicKey or kms:ListResourceTags; with --days, kms:GetKeyPolicy.`,
  examples: [
    'keyward key schedule-deletion alias/old',
    'keyward key schedule-deletion alias/old --days 7 --yes',
  ],
  async run(terminal, options) {
    const { scheduleDeletion } = await import('@keyward/toolkit/key')
    const keyId = keyOfBoth(terminal, options)
    const { key, isNew } = await scheduleDeletion(terminal, keyId, options)
    const { keyArn, deletionDate } = key
    const day = deletionDate?.slice(0, 10) ?? 'an unknown day'
    const what = isNew
      ? `KMS deletes ${keyArn} on ${day}.`
      : `${keyArn} is already scheduled for deletion on ${day}.`
    return {
      data: key,
      text: `${what}\nUntil then, an administrator of the key can cancel the deletion:\n  keyward key cancel-deletion ${keyArn}`,
    }
  },
})
