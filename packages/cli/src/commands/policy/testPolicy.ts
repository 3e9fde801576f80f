import { type CaseResult, readCases, runCase } from '@keyward/guard/authoring'
import type { Style } from '@keyward/toolkit'
import { parseJson, readInput, reading, sourceName } from '@keyward/toolkit'
import { hang } from '../../output/policy/hang.js'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { readPolicy } from './readPolicy.js'

/** Whether a policy decides cases as expected. */
export async function testPolicy(
  terminal: Terminal,
  options: { policy: string; cases: string; abi: readonly string[] },
): Promise<Result> {
  const { policy } = await readPolicy(terminal, options)
  const cases = await reading(async () => {
    const bytes = await readInput(terminal, options.cases, '<cases>')
    return readCases(parseJson(bytes, sourceName(options.cases, '<cases>')))
  })
  const results = cases.map((one) => runCase(policy, one, Date.now()))
  const failed = results.filter(({ ok }) => !ok).length
  const passed = results.length - failed
  const style = styleFor(terminal.stdout, terminal.env)
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
        ? 'There is no case: nothing was tested.'
        : `${passed} of ${results.length} cases passed.`,
    ].join('\n'),
    exitCode: failed > 0 || results.length === 0 ? 1 : 0,
  }
}

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
      hang('          ', `${path}: came ${came}; allowed: ${allowed}`),
    ),
  ].join('\n')
}
