import { setTimeout as sleep } from 'node:timers/promises'
import type { KMSClient } from '@aws-sdk/client-kms'
import { describe } from './describe.js'
import { again, ImportError } from './ImportError.js'

const patienceMs = 60_000

/**
 * Waits until KMS has applied an import everywhere, which takes longer than its
 * answer to the import.
 *
 * @returns When the material expires.
 * @throws ImportError after a minute, or immediately if the key is in a state
 * that an import can't cause
 */
export async function waitForEnabled(
  client: KMSClient,
  arn: string,
  patience = patienceMs,
): Promise<{ validTo: Date | undefined }> {
  const end = Date.now() + patience
  for (let waitMs = 100; ; waitMs = Math.min(2 * waitMs, 2_000)) {
    const { KeyState, ValidTo } = await describe(client, arn)
    if (KeyState === 'Enabled') return { validTo: ValidTo }
    if (KeyState !== 'PendingImport' || Date.now() + waitMs > end)
      throw new ImportError(
        `The key ${arn} is ${KeyState} after the import.`,
        KeyState === 'PendingImport'
          ? `KMS accepted the key material but did not enable the key within ${patience / 1000} s. ${again}`
          : `KMS accepted the key material, but someone changed the key in the meantime. For details, run keyward key show ${arn}.`,
      )
    await sleep(waitMs)
  }
}
