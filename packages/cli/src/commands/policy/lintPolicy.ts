import { type Finding, lint } from '@keyward/guard/authoring'
import { pluralize, type Style } from '@keyward/toolkit'
import { hang } from '../../output/policy/hang.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { readPolicy } from './readPolicy.js'

/** What in a policy is probably not meant. */
export async function lintPolicy(
  terminal: Terminal,
  options: { policy: string; abi: readonly string[] },
): Promise<Result> {
  const { text, abi } = await readPolicy(terminal, options)
  const findings = lint(text, abi)
  const errors = findings.filter(({ level }) => level === 'error').length
  const warnings = findings.length - errors
  const style = styleFor(terminal.stdout, terminal.env)
  const end =
    findings.length === 0
      ? 'Nothing found.'
      : `${pluralize(errors, 'error')}, ${pluralize(warnings, 'warning')}.`
  return {
    data: { errors, warnings, findings },
    text: [...findings.map((one) => findingText(one, style)), end].join('\n'),
    exitCode: errors > 0 ? 1 : 0,
  }
}

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
