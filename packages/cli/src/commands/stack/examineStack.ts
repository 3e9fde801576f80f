import { type Check, examine } from '@keyward/toolkit/doctor'
import { withStack } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

/** Looks at all that sending needs, and says what to do. */
export function examineStack(
  terminal: Terminal,
  options: {
    stack: string | undefined
    caller: string | undefined
    urls: readonly string[] | undefined
  },
): Promise<Result> {
  return withStack(terminal, options, async (connection, stack) => {
    const checks = await examine(connection, stack, options)
    const isWell = checks.every(({ ok }) => ok !== false)
    return {
      data: { stack, well: isWell, checks },
      text: toText(checks, stack, terminal),
      exitCode: isWell ? 0 : 1,
    }
  })
}

function toText(
  checks: readonly Check[],
  stack: string,
  terminal: Terminal,
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
      ? `${stack} can send.`
      : `${checks.length - wrong} of ${checks.length} checks passed. ${wrong} ${wrong === 1 ? 'needs' : 'need'} attention (see above).`
  return [...lines, '', end].join('\n')
}
