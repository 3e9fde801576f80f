import { type WhoCan, whoCan, whoCanText } from '@keyward/iam/review'
import { note, pluralize } from '@keyward/toolkit'
import { openAccess, type Subject } from '@keyward/toolkit/access'
import type { Result } from '../../output/Result.js'
import { toTable } from '../../output/toTable.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

/** Who may do what with a key. */
export function showAccess(
  terminal: Terminal,
  subject: Subject,
  { matrix }: { matrix: boolean },
): Promise<Result<{ key: string; access: WhoCan[]; unread: string[] }>> {
  return openAccess(terminal, subject, {}, async ({ access }) => {
    const { key, policyText, grants } = access
    if (grants === undefined)
      note(terminal, "You may not list the key's grants.")
    else if (grants.length > 0)
      note(
        terminal,
        `${pluralize(grants.length, 'grant')} give more: keyward access check lists them.`,
      )
    const found = whoCan(policyText, key)
    return {
      data: { key: key.arn, access: found.rows, unread: found.unread },
      text: matrix ? matrixText(found, terminal) : whoCanText(found),
    }
  })
}

/** An auditor's view: each operation, and who may do it. */
function matrixText(
  { rows, unread }: ReturnType<typeof whoCan>,
  { stdout, env }: Terminal,
): string {
  const style = styleFor(stdout, env)
  const operations = [
    ...new Set(rows.flatMap(({ may, mayByIam }) => [...may, ...mayByIam])),
  ]
  const cellOf = ({ may, mayByIam, conditions }: WhoCan, operation: string) => {
    const word = may.includes(operation)
      ? 'yes'
      : mayByIam.includes(operation)
        ? 'IAM'
        : '-'
    return word === '-' || conditions.length === 0 ? word : `${word}*`
  }
  const columns = [
    { header: 'OPERATION' },
    ...rows.map((_, at) => ({ header: `[${at + 1}]` })),
  ]
  const cells = operations.map((operation) => [
    operation,
    ...rows.map((row) => cellOf(row, operation)),
  ])
  return [
    toTable(columns, cells, style, undefined),
    '',
    ...rows.flatMap(({ who, is, conditions }, at) => [
      `[${at + 1}] ${who}${is.length === 0 ? '' : ` (${is.join(', ')})`}`,
      ...conditions.map((condition) => `    * depends on: ${condition}`),
    ]),
    '',
    style.dim(
      'yes: the key policy allows it. IAM: it does, if an IAM policy of the principal allows it too. *: under a condition.',
    ),
    ...unread.map((each) => `Not read: ${each}`),
  ].join('\n')
}
