import { setTimeout as sleep } from 'node:timers/promises'
import type { KMSClient } from '@aws-sdk/client-kms'
import { seen } from '../aws/peek.js'
import { readKeyState } from './readKeyState.js'

const patienceMs = 20_000

/**
 * Waits until KMS shows the requested state: KMS acts immediately, but shows
 * the change everywhere only some seconds later. It doesn't wait if the caller
 * may not read it, and never longer than 20 s.
 *
 * @returns the state; undefined if the caller may not read it
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
