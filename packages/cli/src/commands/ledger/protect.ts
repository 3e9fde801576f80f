import { stepsResult } from '../../output/stepsResult.js'
import { define } from '../../program/define.js'
import { list, required, text } from '../../program/Input.js'
import { dryRun, yes } from '../../program/inputs.js'
import { parseRole, parseStack, parseTable } from '../../program/parsers.js'

export const protectCommand = define('protect', {
  description: 'close a table to all but the writers of its ledger',
  takes: {
    table: required(text('<table>', 'its name', parseTable)),
    stack: text(
      '--stack <name>',
      'whose functions write to it (default: each stack that uses it)',
      parseStack,
    ),
    writers: list(
      '--writer <arn>',
      'who else writes to it; may be repeated',
      parseRole,
    ),
    dryRun,
    yes,
  },
  help: `For a table that no template closes: one that was restored, made by hand, or
given to a stack by --existing-ledger (keyward deploy does it then). Sets the
resource policy, deletion protection and point-in-time recovery. Statements of
the policy that are not Keyward's stay.

Exit 3 when a part is left to another principal. Calls dynamodb:DescribeTable,
GetResourcePolicy, PutResourcePolicy, DescribeContinuousBackups, UpdateTable,
UpdateContinuousBackups; cloudformation:DescribeStacks, ListStackResources,
GetTemplate.`,
  examples: [
    'keyward ledger protect treasury-restored --stack treasury',
    'keyward ledger protect payouts --writer arn:aws:iam::123456789012:role/payouts',
    'keyward ledger protect treasury-restored --dry-run',
  ],
  async run(terminal, options) {
    const ledger = await import('@keyward/toolkit/ledger')
    const protection = await ledger.protectLedger(terminal, options)
    const { data, plan, isProtected } = protection
    const { table: name, steps } = data
    if (isProtected)
      return {
        data,
        text: `No changes: ${name} is protected. Its writers:\n${ledger.writersText(plan)}`,
      }
    if (options.dryRun)
      return {
        data,
        text: `${ledger.CloseTable.toText(name, plan)}\n\nNothing was changed: this was a dry run.`,
      }
    const result = stepsResult(terminal, name, steps, {
      done: `${name} is protected.`,
      partial: `${name} is NOT protected as it should be.`,
    })
    return { ...result, data }
  },
})
