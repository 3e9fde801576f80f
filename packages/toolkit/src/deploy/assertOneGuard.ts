import { BaseError } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { listStacks } from '../aws/listStacks.js'
import { peek } from '../aws/peek.js'
import { type Io, note } from '../Io.js'
import { countsWindows } from './notePolicy.js'
import type { Settings } from './Settings.js'

/** A stack that is there already, as its outputs tell it. */
export type Neighbour = { name: string; guardTable: string | undefined }

/**
 * All stacks that sign with a key count in one table: else each has the whole
 * limit, and one that counts nothing has none. Stacks of other accounts and
 * Regions, and those that may not be seen, are not found.
 *
 * @param about.key - ARN of the key; undefined where it is still to be made.
 * @param about.guardTable - Where the stack counts already.
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
        `${others} signs with the same key but counts nothing, so the windows don't limit it.`,
      )
    return
  }
  const { existingGuardTable } = settings
  const table = existingGuardTable ? String(existingGuardTable) : guardTable
  if (counts && table === counting.guardTable) return
  // Who has counted there may stop: that is said by a flag.
  if (!counts && guardTable === counting.guardTable)
    return note(
      io,
      `${counting.name} counts its signatures with the same key in ${guardTable}. Signatures by ${stack} would not be counted.`,
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

/** A stack would have the whole limit of a key once more, or none. */
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
      /** Undefined: it would count nothing. */
      table: string | undefined
    },
  ) {
    const where = table === undefined ? 'nowhere' : `in ${table}`
    super(
      'second-guard',
      `${stack} would count its signatures with the key of ${first.name} ${where}; allowed: in ${first.guardTable}.`,
      {
        details: [
          `Windows limit ${key}, and ${first.name} counts them there. With another table, each stack could spend the whole limit. Nothing was changed.`,
          `${table === undefined ? 'Give --policy FILE with windows, and' : 'Give'} -c existingGuardTable=${first.guardTable}.`,
        ].join('\n'),
      },
    )
  }
}
