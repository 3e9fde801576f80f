import type { FunctionState } from './readFunction.js'

/** `partly`: some parts are stopped and others are not. */
export type Frozen = 'no' | 'partly' | 'yes'

/**
 * Whether the emergency stop is active: no function runs, and KMS doesn't sign
 * for anyone. A key without material doesn't sign either, but nobody stopped it.
 *
 * @param keyStates - KMS's names for the states; undefined if the caller isn't
 * allowed to see them.
 * @returns Undefined if the answer depends on a state that is hidden.
 */
export function tell(
  keyStates: readonly (string | undefined)[],
  functions: readonly Pick<FunctionState, 'concurrency'>[],
): Frozen | undefined {
  const stops = [
    ...keyStates
      .filter((state) => state !== 'PendingImport')
      .map((state) => state && state !== 'Enabled'),
    ...functions.map(({ concurrency }) =>
      concurrency === null ? undefined : concurrency === 0,
    ),
  ]
  if (stops.includes(undefined)) return undefined
  if (stops.length === 0) return 'no'
  if (stops.every((stopped) => stopped)) return 'yes'
  return stops.some((stopped) => stopped) ? 'partly' : 'no'
}

/**
 * Describes a stack that is frozen at least in part. While no key is enabled,
 * nothing is signed, even by functions that run.
 */
export function describe(
  frozen: 'partly' | 'yes',
  keyStates: readonly (string | undefined)[],
): string {
  if (frozen === 'yes') return 'FROZEN: nothing is signed'
  return keyStates.every((state) => state !== undefined && state !== 'Enabled')
    ? 'partly: functions run, but no key is enabled, so nothing is signed'
    : 'partly: some parts can still sign'
}
