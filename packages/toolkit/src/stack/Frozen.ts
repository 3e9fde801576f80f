import type { FunctionState } from './readFunction.js'

/** `partly`: some of it could still sign. */
export type Frozen = 'no' | 'partly' | 'yes'

/**
 * Whether the emergency stop is on: no function runs, and KMS signs for
 * nobody.
 *
 * @param keyStates - KMS's words; undefined for what may not be seen.
 * @returns Undefined when what can't be seen decides.
 */
export function tell(
  keyStates: readonly (string | undefined)[],
  functions: readonly Pick<FunctionState, 'concurrency'>[],
): Frozen | undefined {
  const stops = [
    ...keyStates.map((state) => state && state !== 'Enabled'),
    ...functions.map(({ concurrency }) =>
      concurrency === null ? undefined : concurrency === 0,
    ),
  ]
  if (stops.includes(undefined)) {
    const known = stops.filter((each) => each !== undefined)
    // One that runs is enough to say that not all stands still.
    return known.includes(false) && !known.includes(true) ? 'no' : undefined
  }
  if (stops.every((stopped) => stopped)) return 'yes'
  return stops.some((stopped) => stopped) ? 'partly' : 'no'
}
