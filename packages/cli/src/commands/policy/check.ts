import { usageError } from '@keyward/toolkit'
import { writeOut } from '../../output/Result.js'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { parseAddress } from '../../program/parsers.js'
import { abi, policy } from './policyInputs.js'

export const checkCommand = define('check', {
  description: 'show what a policy decides about a request, and why',
  takes: {
    policy,
    request: text('--request <file>', 'the request; - for standard input'),
    caller: text('--caller <alias>', 'the caller, if the request has none'),
    account: text(
      '--account <address>',
      "the key's account, if the request has none",
      parseAddress,
    ),
    abi,
  },
  help: `A request is JSON: {"kind":"transaction","transaction":{...}}, or the same with
typedData, message or authorization in place of transaction. You can also pass a
complete question: {"request":{...},"caller","account","facts"}; facts.spent
gives the amounts that the windows have counted, and facts.time sets the time.
Signs nothing and makes no requests.

With --json and without --request, the command reads one question or request per
line from standard input and prints one answer per line; a line that can't be
read is denied. --caller and --account apply to each line that has none.

Exit code 0: the request is allowed, or all lines could be read; 1: the request
is denied, or a line could not be read.`,
  examples: [
    'keyward policy check payouts.json --request request.json --caller payouts',
    'keyward policy check payouts.json --json < questions.jsonl',
  ],
  json: 'print one line of JSON; without --request, one for each line of input',
  async run(terminal, options) {
    const { request, json } = options
    if (request === undefined && !json)
      usageError(
        'no request was given. Pass --request with a file, or --json with one request per line on standard input.',
      )
    const { checkLines, checkRequest } = await import('@keyward/toolkit/policy')
    if (request === undefined) {
      const write = (text: string) => writeOut(terminal, text)
      const last = await checkLines(terminal, options, write)
      const exitCode = last?.isWell ? 0 : 1
      return last && { data: last.answer, text: '', exitCode }
    }
    const asked = { ...options, request }
    const { policy, decision } = await checkRequest(terminal, asked)
    const { toAnswer } = await import('@keyward/guard')
    const { decisionText } = await import('../../output/policy/decisionText.js')
    return {
      data: toAnswer(decision),
      text: decisionText(policy, decision, terminal.stdout.style),
      exitCode: decision.decision === 'allow' ? 0 : 1,
    }
  },
})
