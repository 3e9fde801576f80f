import type { WhoCan, whoCan } from '@keyward/iam/review'
import { note, pluralize, toTable } from '@keyward/toolkit'
import { define } from '../../program/define.js'
import { toggle } from '../../program/Input.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { subjectInputs, subjectOf } from './accessInputs.js'

export const showCommand = define('show', {
  description: 'show who can do what with a key',
  takes: {
    ...subjectInputs,
    matrix: toggle('--matrix', 'show a table of operations and principals'),
  },
  help: `With --stack, also shows who can invoke the stack's functions.
Calls kms:DescribeKey, kms:GetKeyPolicy, kms:ListGrants.`,
  examples: [
    'keyward access show --key alias/treasury',
    'keyward access show --key alias/treasury --matrix',
    'keyward access show --stack treasury --json',
  ],
  async run(terminal, options) {
    const { callersText, openAccess } = await import('@keyward/toolkit/access')
    const { whoCan, whoCanText } = await import('@keyward/iam/review')
    const subject = subjectOf(terminal, options)
    return openAccess(terminal, subject, {}, async ({ access, callers }) => {
      const { key, policyText, grants } = access
      if (grants === undefined)
        note(terminal, "You have no permission to list the key's grants.")
      else if (grants.length > 0)
        note(
          terminal,
          `The key also has ${pluralize(grants.length, 'grant')}. To see what grants allow, run keyward access check.`,
        )
      const found = whoCan(policyText, key)
      return {
        data: {
          ...{ key: key.arn, access: found.rows, unread: found.unread },
          ...(callers && { callers: callers.rows, anyCaller: callers.anyone }),
        },
        text: [
          options.matrix ? matrixText(found, terminal) : whoCanText(found),
          ...('stack' in subject && callers !== undefined
            ? ['', callersText(subject.stack, callers)]
            : []),
        ].join('\n'),
      }
    })
  },
})

/**
 * An auditor's view: each operation, and the principals that can perform it.
 */
function matrixText(
  { rows, unread }: ReturnType<typeof whoCan>,
  { stdout }: Terminal,
): string {
  const { style } = stdout
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
      `[${at + 1}]  ${who}${is.length === 0 ? '' : ` (${is.join(', ')})`}`,
      ...conditions.map((condition) => `     * depends on: ${condition}`),
    ]),
    '',
    style.dim(
      'yes: the key policy allows the operation. IAM: an IAM policy of the principal must allow the operation too. *: only under a condition.',
    ),
    ...unread.map((each) => `Not understood: ${each}`),
  ].join('\n')
}
