import type { Check } from '@keyward/toolkit/doctor'
import { styleFor, type Terminal } from '../terminal/Terminal.js'
import type { Result } from './Result.js'

/**
 * What checks of a stack came to: exit code 1 when one of them failed.
 *
 * @param well - Said to people when none did.
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

/** Checks for people, what is wrong with what to do below it. */
function checksText(
  checks: readonly Check[],
  terminal: Terminal,
  well: string,
): string {
  const style = styleFor(terminal.stdout, terminal.env)
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, ok, found, fix }) => {
    const mark =
      ok === undefined ? '--' : ok ? style.green('ok') : style.red('!!')
    const line = `${mark}  ${name.padEnd(width)}  ${found}`
    return fix === undefined ? [line] : [line, `${' '.repeat(width + 6)}${fix}`]
  })
  const wrong = checks.filter(({ ok }) => ok === false).length
  const end =
    wrong === 0
      ? well
      : `${checks.length - wrong} of ${checks.length} checks passed. ${wrong} ${wrong === 1 ? 'needs' : 'need'} attention (see above).`
  return [...lines, '', end].join('\n')
}
