import { setTimeout as sleep } from 'node:timers/promises'
import type { KMSClient } from '@aws-sdk/client-kms'
import { seen } from '../aws/peek.js'
import { readKeyState } from './readKeyState.js'

const patienceMs = 20_000

/**
 * Waits until KMS tells the state that it was just asked for: it does what it
 * is asked at once, and shows it everywhere some seconds later. Who may not
 * look does not wait, and nobody waits longer than 20 s.
 *
 * @returns the state; undefined for who may not look
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
