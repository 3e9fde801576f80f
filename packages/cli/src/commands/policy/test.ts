import type { CaseResult } from '@keyward/guard/authoring'
import type { Style } from '@keyward/toolkit'
import { hang } from '../../output/policy/hang.js'
import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { abi, policy } from './policyInputs.js'

export const testCommand = define('test', {
  description:
    'test that a policy decides your cases as expected, for example in CI',
  takes: {
    policy,
    cases: required(text('<cases>', 'the file with the cases')),
    abi,
  },
  help: `Cases are a JSON array of {"name","request","caller","account","facts","expect",
"rule"}. expect is allow or deny; rule is optional and names the rule that must
decide.
Exit code 1: a case failed, or there are no cases.`,
  examples: ['keyward policy test payouts.json payouts.cases.json'],
  async run(terminal, options) {
    const { testPolicy } = await import('@keyward/toolkit/policy')
    const results = await testPolicy(terminal, options)
    const failed = results.filter(({ ok }) => !ok).length
    const passed = results.length - failed
    const { style } = terminal.stdout
    return {
      data: {
        ...{ passed, failed },
        cases: results.map(({ name, ok, problem, answer }) => ({
          ...{ name, ok, problem: problem ?? null, answer: answer ?? null },
        })),
      },
      text: [
        ...results.map((one) => caseText(one, style)),
        results.length === 0
          ? 'There are no cases, so nothing was tested.'
          : `${passed} of ${results.length} cases passed.`,
      ].join('\n'),
      exitCode: failed > 0 || results.length === 0 ? 1 : 0,
    }
  },
})

function caseText(
  { name, ok, problem, answer }: CaseResult,
  { green, red }: Style,
): string {
  const first = `${ok ? green('ok    ') : red('failed')}  ${name}`
  if (problem === undefined) return first
  return [
    first,
    hang('        ', problem),
    ...(answer?.reasons ?? []).map(({ path, came, allowed }) =>
      hang('          ', `${path}: got ${came}; allowed: ${allowed}`),
    ),
  ].join('\n')
}
