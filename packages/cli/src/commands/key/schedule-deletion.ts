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
    const { scheduleDeletion } = await import('./scheduleDeletion.js')
    const keyId = keyOfBoth(terminal, options)
    return scheduleDeletion(terminal, keyId, options)
  },
})
