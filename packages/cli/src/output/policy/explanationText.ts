import type { Explanation, Row } from '@keyward/guard/authoring'
import type { Style } from '@keyward/toolkit'
import { hang } from './hang.js'

/**
 * A policy as text for users: each rule, the windows, and what is never signed.
 */
export function explanationText(
  { name, mode, rules, windows, never }: Explanation,
  { bold, red, green }: Style,
): string {
  const head =
    mode === 'enforce'
      ? `${name}: anything that no rule below allows is refused.`
      : `${name}, in shadow mode: anything that no rule below allows is logged, but still signed.`
  return [
    hang('', head),
    ...rules.flatMap(({ id, effect, mode: own, rows }) => [
      '',
      `${effect === 'allow' ? green('allow') : red('deny')}  ${bold(id)}${own === 'shadow' ? ' (shadow mode: no effect)' : ''}`,
      ...rowLines(rows),
    ]),
    ...(windows.length === 0
      ? []
      : ['', bold('Windows'), ...windows.map(windowLine)]),
    '',
    bold('No rule allows'),
    ...never.map((one) => hang('  - ', one)),
  ].join('\n')
}

function rowLines(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, text]) => hang(`  ${label.padEnd(width)}  `, text))
}

const windowLine = ([id, text]: Row) => hang('  ', `${id}: ${text}`, 2)
