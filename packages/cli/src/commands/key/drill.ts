import { toColumns } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { yes } from '../../program/inputs.js'
import { parseRole } from '../../program/parsers.js'
import { wayInputs } from '../../program/sourceInputs.js'

export const drillCommand = define('drill', {
  description:
    'restore a backup into a second KMS key, check the key, and delete it',
  takes: {
    key: text('--key <key>', 'the key to compare the backup with'),
    ...wayInputs,
    as: text(
      '--as <arn>',
      'ARN of your own role or user, if it has a path',
      parseRole,
    ),
    yes,
  },
  help: `Only you can use the second key. Its material is deleted at the end of the
drill, and the key itself after 7 days, the shortest period that KMS allows. An
interrupted drill continues when you run it again. A key costs 1 USD a month,
billed by the hour, and nothing while its deletion is pending.
Calls kms:ListKeys, kms:ListResourceTags, kms:CreateKey, kms:TagResource, the
operations on the second key that its policy allows, and kms:GetPublicKey on the
key that you pass with --key.`,
  examples: [
    'keyward key drill --in backup.json',
    'keyward key drill --in backup.json --key alias/treasury --password-fd 3 3< password.txt',
  ],
  async run(terminal, options) {
    const { drillKey } = await import('@keyward/toolkit/import')
    const data = await drillKey(terminal, options)
    const until = data.deletionDate?.slice(0, 10)
    return {
      data,
      text: toColumns([
        ['address', `${data.address}, restored`],
        [
          'signed',
          data.challengeSigned ? 'yes' : 'no: kms:Sign is not allowed',
        ],
        ['drill key', data.keyArn],
        ['will be deleted', until && `on ${until}`],
      ]),
    }
  },
})
