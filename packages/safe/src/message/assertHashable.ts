import { BaseError, type TypedData } from '@keyward/core'

/** Maximum number of fields and list items, at all depths. */
const maxValues = 10_000
/**
 * Maximum product of values and type lengths, because a struct's types are
 * hashed with each of its values.
 */
const maxWork = 50_000_000

/**
 * Call this before hashing typed data that somebody sent: a few megabytes could
 * take minutes.
 *
 * @throws TooManyValuesError
 */
export function assertHashable({ types, message }: TypedData.TypedData): void {
  const values = countValues(message)
  const characters = Object.entries(types)
    .flatMap(([name, fields]) => [
      name,
      ...fields.flatMap((field) => [field.name, field.type]),
    ])
    .reduce((sum, text) => sum + text.length, 0)
  if (values > maxValues || values * characters > maxWork)
    throw new TooManyValuesError(values, characters)
}

/** Counts without recursion, because the depth has not been checked yet. */
function countValues(message: object): number {
  const left: object[] = [message]
  let count = 0
  for (let one = left.pop(); one !== undefined; one = left.pop())
    for (const value of Object.values(one)) {
      count++
      if (typeof value === 'object' && value !== null) left.push(value)
    }
  return count
}

/** The typed data would take too long to hash. */
export class TooManyValuesError extends BaseError {
  override readonly name = 'TooManyValuesError'

  constructor(values: number, characters: number) {
    super(
      'too-many-values',
      values > maxValues
        ? `The typed data has ${values} values; at most ${maxValues} are allowed.`
        : `The typed data has ${values} values and types of ${characters} characters in all. With types that long, at most ${Math.floor(maxWork / characters)} values are allowed.`,
      { details: 'Nothing was signed. Split the data into several messages.' },
    )
  }
}
