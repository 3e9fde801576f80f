/** A flag or argument, as users type it and as errors name it. */
export type Flag = `--${string}` | `<${string}>`

/** Maps each flag to the field of the functions' event. */
export type FieldNames = Readonly<Record<Flag, string>>

/** Flags that become event fields; the others belong to the command itself. */
export const sendFields = {
  '--idempotency-key': 'idempotency_key',
  '--to': 'dst_address',
  '--amount': 'amount',
  '--value-wei': 'value_wei',
  '--data': 'data',
  '--gas': 'gas',
  '--speed': 'speed',
  '--max-fee-per-gas': 'max_fee_per_gas',
  '--max-priority-fee-per-gas': 'max_priority_fee_per_gas',
  '--exact-fee': 'exact_fee',
  '--valid-until': 'valid_until',
  '--not-a-repeat': 'not_a_repeat',
} as const satisfies FieldNames

/** Flags that replace a transaction. */
export const speedUpFields = {
  '--speed': 'speed',
  '--max-fee-per-gas': 'max_fee_per_gas',
  '--gas': 'gas',
} as const satisfies FieldNames

export const listFields = {
  '--limit': 'limit',
  '--after': 'after',
  '--status': 'status',
} as const satisfies FieldNames

export const adoptFields = {
  '<hash>': 'hash',
  '--caller': 'caller',
  '--as': 'idempotency_key',
} as const satisfies FieldNames

/**
 * The option of `--max-fee-per-gas` is maxFeePerGas, and that of `<hash>` is
 * hash.
 */
type OptionOf<flag> = flag extends `--${infer words}`
  ? Camel<words>
  : flag extends `<${infer name}>`
    ? name
    : never
type Camel<words extends string> = words extends `${infer first}-${infer rest}`
  ? `${first}${Capitalize<Camel<rest>>}`
  : words

/** The command options that become fields. */
type OptionsFor<names> = {
  readonly [flag in keyof names as OptionOf<flag>]:
    | string
    | number
    | boolean
    | undefined
}

/** The given flags as event fields. */
export function fieldsOf<names extends FieldNames>(
  names: names,
  options: OptionsFor<names>,
): Record<string, string | number | true> {
  const given = options as Readonly<Record<string, string | number | boolean>>
  return Object.fromEntries(
    Object.entries(names).flatMap(([flag, field]) => {
      const value = given[optionOf(flag)]
      // A switch that is not set is left out.
      return value === undefined || value === false ? [] : [[field, value]]
    }),
  )
}

/**
 * Whether a text is an id that `send` returned. Any other text is an
 * idempotency key.
 */
export function referenceOf(transaction: string): Record<string, string> {
  return /^[0-9a-f]{40}$/.test(transaction)
    ? { transaction_id: transaction }
    : { idempotency_key: transaction }
}

function optionOf(flag: string): string {
  return flag
    .replace(/^--|[<>]/g, '')
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
