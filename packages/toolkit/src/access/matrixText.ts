import type { WhoCan, whoCan } from '@keyward/iam/review'
import type { Style } from '../Style.js'
import { toTable } from '../text/toTable.js'

/**
 * An auditor's view: each operation, and the principals that can perform it.
 */
export function matrixText(
  { rows, unread }: ReturnType<typeof whoCan>,
  style: Style,
): string {
  const operations = [
    ...new Set(rows.flatMap(({ may, mayByIam }) => [...may, ...mayByIam])),
  ]
  const numbers = rows.map((_, at) => `[${at + 1}]`)
  const cells = operations.map((operation) =>
    rows.map((row) => cellOf(row, operation)),
  )
  const marks = cells.flat().join(' ')
  const width = Math.max(0, ...numbers.map(({ length }) => length))
  return [
    toTable(
      ['OPERATION', ...numbers].map((header) => ({ header })),
      cells.map((row, at) => [operations[at] ?? '', ...row]),
      style,
      undefined,
    ),
    '',
    ...rows.flatMap(({ who, is, conditions }, at) => [
      `${(numbers[at] ?? '').padEnd(width)}  ${who}${is.length === 0 ? '' : ` (${is.join(', ')})`}`,
      ...conditions.map(
        (condition) => `${' '.repeat(width + 2)}* depends on: ${condition}`,
      ),
    ]),
    '',
    ...legend
      .filter(([mark]) => marks.includes(mark))
      .map(([mark, meaning]) => style.dim(`${mark}: ${meaning}`)),
    ...notes
      .filter(([operation]) => operations.includes(operation))
      .map(([, note]) => style.dim(note)),
    ...unread.map((each) => `Not understood: ${each}`),
  ].join('\n')
}

function cellOf(
  { may, mayByIam, conditions }: WhoCan,
  operation: string,
): string {
  const word = may.includes(operation)
    ? 'yes'
    : mayByIam.includes(operation)
      ? 'IAM'
      : '-'
  return word === '-' || conditions.length === 0 ? word : `${word}*`
}

const legend = [
  ['yes', 'the key policy allows the operation.'],
  ['IAM', 'an IAM policy of the principal must allow the operation too.'],
  ['*', 'only under a condition, listed below the principal.'],
] as const

/** What an operation's name leaves out, because a second row has the rest. */
const notes = [
  [
    'sign',
    'sign means ECDSA_SHA_256 on a digest, as Ethereum needs it. Anything else is sign-otherwise.',
  ],
  [
    'delete',
    'delete means with a waiting period of 30 days. A shorter one is delete-soon.',
  ],
] as const
