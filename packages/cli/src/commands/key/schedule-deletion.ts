import { define } from '../../program/define.js'
import { defaulting, number } from '../../program/Input.js'
import { argumentOrKey, yes } from '../../program/inputs.js'
import { keyOfBoth } from '../../program/parsers.js'

export const scheduleDeletionCommand = define('schedule-deletion', {
  description: 'have KMS delete a key for good, after some days',
  takes: {
    ...argumentOrKey,
    days: defaulting(
      number('--days <n>', 'the waiting period', { min: 7, max: 30 }),
      30,
    ),
    yes,
  },
  help: `The key stops signing at once; until that day the deletion can be cancelled. Calls
kms:DescribeKey, kms:ScheduleKeyDeletion; for the address kms:GetPublicKey or
kms:ListResourceTags.`,
  examples: [
    'keyward key schedule-deletion alias/old',
    'keyward key schedule-deletion alias/old --days 7 --yes',
  ],
  async run(terminal, options) {
    const { scheduleDeletion } = await import('@keyward/toolkit/key')
    const keyId = keyOfBoth(terminal, options)
    const { key, isNew } = await scheduleDeletion(terminal, keyId, options)
    const { keyArn, deletionDate } = key
    const day = deletionDate?.slice(0, 10) ?? 'a day that KMS does not tell'
    const what = isNew
      ? `KMS deletes ${keyArn} on ${day}.`
      : `${keyArn} is pending deletion already, for ${day}.`
    return {
      data: key,
      text: `${what}\nUntil then it can be saved: keyward key cancel-deletion ${keyArn}`,
    }
  },
})
