import { awsKms } from '@keyward/toolkit/aws'
import { untilKeyState } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withKey } from './withKey.js'

/** Saves a key that was to be deleted. KMS leaves it disabled. */
export function cancelDeletion(
  terminal: Terminal,
  keyId: string,
): Promise<Result<{ keyArn: string; address: string | null; state: string }>> {
  return withKey(terminal, keyId, async (key) => {
    const { kms, arn, address } = key
    const { CancelKeyDeletionCommand } = await import('@aws-sdk/client-kms')
    await kms.send(new CancelKeyDeletionCommand({ KeyId: arn }))
    const isSaved = (state: string) => state !== 'PendingDeletion'
    const state = (await untilKeyState(kms, arn, isSaved)) ?? 'unknown'
    return {
      data: { keyArn: arn, address: address ?? null, state },
      text: `${arn} is saved, and ${state}.${next(state)}`,
    }

    function next(state: string): string {
      if (state === 'PendingImport')
        return `\nIt has no key material: keyward key import --key ${arn} --in <key file>`
      return `\nTo let it sign again: ${awsKms(key.target, `enable-key --key-id ${arn}`)}`
    }
  })
}
