import type { Finding } from '@keyward/guard/authoring'
import { pluralize, type Style } from '@keyward/toolkit'
import { hang } from '../../output/policy/hang.js'
import { define } from '../../program/define.js'
import { abi, policy } from './policyInputs.js'

export const lintCommand = define('lint', {
  description: 'find probable mistakes in a policy',
  takes: { policy, abi },
  help: `Finds rules that never apply; rules that lack limits, callers or recipients;
windows that one caller can use up; arguments that no function has; and examples
that were left in.
Exit code 1: there is an error. Whether to fix warnings is up to you.`,
  examples: [
    'keyward policy lint payouts.json',
    'keyward policy lint desk.json --abi router.json --json',
  ],
  async run(terminal, options) {
    const { readPolicy } = await import('@keyward/toolkit/policy')
    const { lint } = await import('@keyward/guard/authoring')
    const { text, abi } = await readPolicy(terminal, options)
    const findings = lint(text, abi)
    const errors = findings.filter(({ level }) => level === 'error').length
    const warnings = findings.length - errors
    const { style } = terminal.stdout
    const end =
      findings.length === 0
        ? 'No problems found.'
        : `${pluralize(errors, 'error')}, ${pluralize(warnings, 'warning')}.`
    return {
      data: { errors, warnings, findings },
      text: [...findings.map((one) => findingText(one, style)), end].join('\n'),
      exitCode: errors > 0 ? 1 : 0,
    }
  },
})

function findingText(
  { level, code, path, what, why, fix }: Finding,
  { red, yellow }: Style,
): string {
  const mark = level === 'error' ? red('error  ') : yellow('warning')
  return [
    `${mark}  ${path} (${code})`,
    ...[what, why, fix].map((text) => hang('         ', text)),
    '',
  ].join('\n')
}
