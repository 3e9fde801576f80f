/**
 * Whether something holds; `unknown` when it can't be told, which keeps an
 * Allow from applying and a Deny not.
 */
export type Certainty = 'yes' | 'no' | 'unknown'

export function of(value: boolean | undefined): Certainty {
  return value === undefined ? 'unknown' : value ? 'yes' : 'no'
}

export function not(value: Certainty): Certainty {
  return value === 'unknown' ? value : value === 'yes' ? 'no' : 'yes'
}

/** `yes` if all hold, `no` if one doesn't. */
export function all(values: readonly Certainty[]): Certainty {
  if (values.includes('no')) return 'no'
  return values.includes('unknown') ? 'unknown' : 'yes'
}

/** `yes` if one holds, `no` if none does. */
export function some(values: readonly Certainty[]): Certainty {
  if (values.includes('yes')) return 'yes'
  return values.includes('unknown') ? 'unknown' : 'no'
}
