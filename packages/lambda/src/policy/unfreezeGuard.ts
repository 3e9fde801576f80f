import { Fields, type Parser, Problems } from '@keyward/core'
import type { Gate } from './createGate.js'

/** Whether the event asks to lift a halt of the guard. */
export function isUnfreeze(event: unknown): boolean {
  return (
    typeof event === 'object' &&
    event !== null &&
    (event as { operation?: unknown }).operation === 'unfreeze_guard'
  )
}

/** Lifts a halt, which is stored in the windows' table. */
export async function unfreezeGuard(
  {
    gate,
    config,
  }: { gate: Gate | undefined; config: { guardTable: string | undefined } },
  event: unknown,
  deadline: number,
) {
  const problems = Problems.create('event')
  const fields = Fields.open(event, ['operation', 'by'], '', problems)
  const by = fields?.required('by', parseBy)
  if (config.guardTable === undefined)
    problems.add(
      'operation',
      'this function has no GUARD_TABLE, so there is nothing to unfreeze',
    )
  problems.assertNone()
  await gate?.unhalt(`admin: ${by}`, { deadline })
  return {
    answer: { guard_table: config.guardTable, halted: false },
    message: 'unfrozen',
    audit: true,
  }
}

const parseBy: Parser<string> = (value, path, problems) =>
  typeof value === 'string' && /^[\x20-\x7e]{1,200}$/.test(value)
    ? value
    : problems.wrong(
        path,
        value,
        'the name of the person who lifts the halt, 1 to 200 characters',
      )
