import { wrapText } from '@keyward/toolkit'
import type { Check } from '@keyward/toolkit/doctor'
import type { Terminal } from '../terminal/Terminal.js'
import type { Result } from './Result.js'

/**
 * The result of a stack's checks, with exit code 1 if a check failed.
 *
 * @param well - The text for users if no check failed.
 */
export function checksResult(
  terminal: Terminal,
  stack: string,
  checks: readonly Check[],
  well: string,
): Result {
  const isWell = checks.every(({ ok }) => ok !== false)
  return {
    data: { stack, well: isWell, checks },
    text: checksText(checks, terminal, well),
    exitCode: isWell ? 0 : 1,
  }
}

/**
 * The checks as text for users. Each problem is followed by its remedy, unless
 * an earlier problem has the same one.
 */
function checksText(
  checks: readonly Check[],
  terminal: Terminal,
  well: string,
): string {
  const { style } = terminal.stdout
  const width = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 6)
  const fit = (text: string) => wrapText(text, indent, terminal.stdout.columns)
  const lines = checks.flatMap(({ name, ok, found, fix }, at) => {
    const mark =
      ok === undefined ? '--' : ok ? style.green('ok') : style.red('!!')
    const line = `${mark}  ${name.padEnd(width)}  ${fit(found).trimStart()}`
    const isRepeated = checks.slice(0, at).some((one) => one.fix === fix)
    return fix === undefined || isRepeated ? [line] : [line, fit(fix)]
  })
  return [...lines, '', endText(checks, well)].join('\n')
}

/** Advice and checks that couldn't run don't count as passed. */
function endText(checks: readonly Check[], well: string): string {
  const count = (wanted: Check['ok']) =>
    checks.filter(({ ok }) => ok === wanted).length
  const [wrong, open] = [count(false), count(undefined)]
  if (wrong === 0 && open === 0) return well
  const marks = [
    ...(wrong === 0
      ? []
      : [`${wrong} ${wrong === 1 ? 'needs' : 'need'} attention (!!)`]),
    ...(open === 0
      ? []
      : [
          `${open} ${open === 1 ? 'is unknown or a recommendation' : 'are unknown or recommendations'} (--)`,
        ]),
  ]
  const counted = `${count(true)} of ${checks.length} checks passed; ${marks.join(', ')}.`
  return wrong === 0 ? `${well}\n${counted}` : counted
}
