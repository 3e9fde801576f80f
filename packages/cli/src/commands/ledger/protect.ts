import { stepsResult } from '../../output/stepsResult.js'
import { define } from '../../program/define.js'
import { list, required, text } from '../../program/Input.js'
import { dryRun, yes } from '../../program/inputs.js'
import { parseRole, parseStack, parseTable } from '../../program/parsers.js'

export const protectCommand = define('protect', {
  description: "protect a ledger's table: let only its writers write to it",
  takes: {
    table: required(text('<table>', 'name of the table', parseTable)),
    stack: text(
      '--stack <name>',
      'a stack whose functions write to the table (default: each stack that uses it)',
      parseStack,
    ),
    writers: list(
      '--writer <arn>',
      'another role that writes to the table; can be repeated',
      parseRole,
    ),
    dryRun,
    yes,
  },
  help: `Use this for a table that no template protects: one that was restored, created
by hand, or passed to a stack that was deployed with the CDK (keyward deploy
--existing-ledger already protects the table). Sets the resource policy,
deletion protection and point-in-time recovery. Policy statements that are not
Keyward's are kept.

Exit code 3: another principal must do a step. Calls dynamodb:DescribeTable,
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
      partial: `${name} is NOT fully protected.`,
    })
    return { ...result, data }
  },
})
