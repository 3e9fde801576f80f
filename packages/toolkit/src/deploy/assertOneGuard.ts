import { BaseError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { listStacks } from '../aws/listStacks.js'
import { peek } from '../aws/peek.js'
import { type Io, note } from '../Io.js'
import { countsWindows } from './notePolicy.js'
import type { Settings } from './Settings.js'

/** An existing stack, as its outputs describe it. */
export type Neighbour = { name: string; guardTable: string | undefined }

/**
 * Checks that all stacks that sign with a key count in one table. Otherwise
 * each stack could use the full limit, and a stack that doesn't count would
 * have no limit. This doesn't find stacks in other accounts and Regions, or
 * stacks that the caller can't see.
 *
 * @param about.key - ARN of the key; undefined if it doesn't exist yet.
 * @param about.guardTable - The table in which the stack already counts.
 * @throws SecondGuardError
 */
export async function assertOneGuard(
  io: Io,
  connection: AwsConnection,
  about: {
    stack: string
    settings: Settings
    key: string | undefined
    guardTable: string | undefined
  },
): Promise<void> {
  const { stack, settings, key, guardTable } = about
  if (key === undefined) return
  const neighbours = await neighboursOf(connection, stack, key)
  const counting = neighbours.find((each) => each.guardTable !== undefined)
  const counts = await countsWindows(settings)
  if (counting === undefined) {
    const others = neighbours.map(({ name }) => name).join(', ')
    if (counts && others !== '')
      note(
        io,
        `${others} can also sign with this key. The policy's windows don't count or limit those signatures.`,
      )
    return
  }
  const { existingGuardTable } = settings
  const table = existingGuardTable ? String(existingGuardTable) : guardTable
  if (counts && table === counting.guardTable) return
  // A stack that has counted there may stop counting, but only if a flag says
  // so.
  if (!counts && guardTable === counting.guardTable)
    return note(
      io,
      `${counting.name} signs with the same key and counts its signatures in ${guardTable}. Signatures by ${stack} would not be counted in that table.`,
    )
  throw new SecondGuardError(stack, key, {
    first: counting,
    table: counts ? (table ?? 'a separate table') : undefined,
  })
}

async function neighboursOf(
  connection: AwsConnection,
  stack: string,
  key: string,
): Promise<Neighbour[]> {
  const found: Neighbour[] = []
  await peek(async () => {
    for await (const { name, outputs } of listStacks(connection)) {
      const outputOf = (output: string) =>
        outputs.find(({ OutputKey }) => OutputKey === output)?.OutputValue
      if (name !== stack && outputOf('KeyArn') === key)
        found.push({ name, guardTable: outputOf('GuardTable') })
    }
  })
  return found
}

/**
 * The stack could use the key's full limit a second time, or would have no
 * limit at all.
 */
export class SecondGuardError extends BaseError {
  override readonly name = 'SecondGuardError'

  constructor(
    stack: string,
    key: string,
    {
      first,
      table,
    }: {
      first: Neighbour
      /** Undefined if the stack would not count anything. */
      table: string | undefined
    },
  ) {
    const instead =
      table === undefined
        ? 'It would not count them at all.'
        : `It would count them in ${table}.`
    super(
      'second-guard',
      `The stack ${stack} would sign with the key of the stack ${first.name}, but would not count its signatures in the table ${first.guardTable}.`,
      {
        details: [
          `${instead} Spending windows limit the key ${key}, and ${first.name} already counts its signatures in ${first.guardTable}. Unless both stacks count in one table, each could spend the whole limit. Nothing was changed.`,
          `${table === undefined ? 'Pass --policy FILE with spending windows, and' : 'Pass'} -c existingGuardTable=${first.guardTable}.`,
        ].join('\n'),
      },
    )
  }
}
