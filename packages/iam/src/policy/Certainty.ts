/**
 * Whether something holds. If that is `unknown`, an Allow doesn't apply and a
 * Deny does.
 */
export type Certainty = 'yes' | 'no' | 'unknown'

export function of(value: boolean | undefined): Certainty {
  return value === undefined ? 'unknown' : value ? 'yes' : 'no'
}

export function not(value: Certainty): Certainty {
  return value === 'unknown' ? value : value === 'yes' ? 'no' : 'yes'
}

/** `yes` if all hold, `no` if any of them doesn't. */
export function all(values: readonly Certainty[]): Certainty {
  if (values.includes('no')) return 'no'
  return values.includes('unknown') ? 'unknown' : 'yes'
}

/** `yes` if any holds, `no` if none does. */
export function some(values: readonly Certainty[]): Certainty {
  if (values.includes('yes')) return 'yes'
  return values.includes('unknown') ? 'unknown' : 'no'
}
