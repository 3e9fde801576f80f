import { checksResult } from '../../output/checksResult.js'
import { define } from '../../program/define.js'
import { list, text, toggle } from '../../program/Input.js'
import { stack, urls } from '../../program/inputs.js'
import { parseCaller } from '../../program/parsers.js'

export const doctorCommand = define('doctor', {
  description: 'check whether the stack can send, and show what to fix',
  takes: {
    stack,
    caller: text(
      '--caller <alias>',
      'your alias of the sender function',
      parseCaller,
    ),
    urls,
    aws: toggle('--aws', 'check the AWS account instead, before a deployment'),
    context: list('-c, --context <name=value>', 'with --aws: a stack setting'),
    settings: text('--settings <file>', "with --aws: the stack's settings"),
  },
  help: `Exit code 0: nothing to fix; 1: something needs attention. Changes nothing.
Makes the same calls as keyward status; also calls lambda:InvokeFunction on
<stack>-sender:status, and, for the ledger, dynamodb:DescribeTable,
GetResourcePolicy, DescribeContinuousBackups.

With --aws, the command checks whether the account is bootstrapped and with
which qualifier, whether Lambda's quota is high enough, whether the topic
accepts messages, and whether all roles and users in the settings exist. Checks
that you have no permission for are marked with --.
Calls cloudformation:DescribeStacks and GetTemplate, lambda:GetAccountSettings,
sns:GetTopicAttributes, iam:GetRole and GetUser.`,
  examples: [
    'keyward doctor',
    'keyward doctor --stack treasury --caller payouts --json',
    'keyward doctor --aws --settings treasury.json --stack treasury',
  ],
  async run(terminal, { aws, ...options }) {
    const doctor = await import('@keyward/toolkit/doctor')
    if (aws) {
      const { stack, checks } = await doctor.examineAccount(terminal, options)
      const well = 'Nothing blocks a deployment.'
      return checksResult(terminal, stack, checks, well)
    }
    const found = await doctor.examineStack(terminal, options)
    const { stack, checks, sends } = found
    const well = sends
      ? `${stack} can send.`
      : `Nothing to fix. ${stack} has no sender function, so it does not send.`
    return checksResult(terminal, stack, checks, well)
  },
})
