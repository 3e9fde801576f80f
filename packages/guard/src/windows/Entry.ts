/**
 * A pending change for one id in one window item: an amount that is reserved
 * and already counted (`+`), or an amount that is counted and will be released
 * (`-`). The id's row decides what happens to it.
 */
export type Entry = {
  readonly kind: '+' | '-'
  /** Unique to this attempt: no other entry ever has it. */
  readonly token: string
  /**
   * The time after which the entry may be considered abandoned, in ms since
   * 1970.
   */
  readonly deadline: number
  readonly parts: readonly Part[]
}

/** An amount in one bucket of one window of the item. */
export type Part = {
  /** As `nameOf` returns it. */
  readonly window: string
  readonly bucket: number
  readonly amount: bigint
}

/** Whether an amount may be reserved under this id. */
export function isId(text: string): boolean {
  return /^[A-Za-z0-9][\x21-\x7e]{0,127}$/.test(text)
}

/** As in the attribute, for example `+ kJ3x 1764448487000 w/day 490124 5`. */
export function encode({ kind, token, deadline, parts }: Entry): string {
  return [
    ...[kind, token, deadline],
    ...parts.flatMap(({ window, bucket, amount }) => [window, bucket, amount]),
  ].join(' ')
}

/** Undefined if this code did not write the text. */
export function decode(text: string): Entry | undefined {
  const [kind, token = '', deadline = '', ...rest] = text.split(' ')
  if ((kind !== '+' && kind !== '-') || rest.length % 3 !== 0) return undefined
  if (token === '') return undefined
  if (!/^[0-9]{1,16}$/.test(deadline)) return undefined
  const parts: Part[] = []
  for (let at = 0; at < rest.length; at += 3) {
    const [window = '', bucket = '', amount = ''] = rest.slice(at, at + 3)
    if (!/^[0-9]{1,12}$/.test(bucket) || !/^[0-9]{1,38}$/.test(amount))
      return undefined
    parts.push({ window, bucket: Number(bucket), amount: BigInt(amount) })
  }
  return { kind, token, deadline: Number(deadline), parts }
}
