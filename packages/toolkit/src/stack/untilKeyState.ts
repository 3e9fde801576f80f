import { setTimeout as sleep } from 'node:timers/promises'
import type { KMSClient } from '@aws-sdk/client-kms'
import { seen } from '../aws/peek.js'
import { readKeyState } from './readKeyState.js'

const patienceMs = 20_000

/**
 * Waits until KMS shows the requested state: KMS acts immediately, but shows
 * the change everywhere only a few seconds later. Doesn't wait if the caller
 * isn't allowed to read the state, and never waits longer than 20 s.
 *
 * @returns the state; undefined if the caller isn't allowed to read it
 */
export async function untilKeyState(
  kms: KMSClient,
  arn: string,
  isWanted: (state: string) => boolean,
): Promise<string | undefined> {
  const end = Date.now() + patienceMs
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 2000)) {
    const state = seen(await readKeyState(kms, arn))?.state
    if (state === undefined || isWanted(state)) return state
    if (Date.now() + waitMs > end) return state
    await sleep(waitMs)
  }
}
