import { define } from '../../program/define.js'
import { required, text } from '../../program/Input.js'
import { abi, policy } from './policyInputs.js'

export const testCommand = define('test', {
  description: 'check that a policy decides cases as you expect, for your CI',
  takes: {
    policy,
    cases: required(text('<cases>', 'the file of the cases')),
    abi,
  },
  help: `Cases are a JSON array of {"name","request","caller","account","facts","expect",
"rule"}: expect is allow or deny, and rule, which may be left out, the rule that
has to decide. Exit 1 when a case fails, or there is none.`,
  examples: ['keyward policy test payouts.json payouts.cases.json'],
  run: async (terminal, options) =>
    (await import('./testPolicy.js')).testPolicy(terminal, options),
})
