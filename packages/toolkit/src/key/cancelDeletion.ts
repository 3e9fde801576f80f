import { awsCommand } from '../aws/awsCommand.js'
import type { Io } from '../Io.js'
import { untilKeyState } from '../stack/untilKeyState.js'
import { withKey } from './withKey.js'

export type SavedKey = {
  keyArn: string
  address: string | null
  state: string
}

/**
 * Cancels a key's scheduled deletion. KMS leaves the key disabled.
 *
 * @returns The key, and the command that enables it.
 */
export function cancelDeletion(
  io: Io,
  keyId: string,
): Promise<{ saved: SavedKey; enableBy: string }> {
  return withKey(io, keyId, async ({ kms, target, arn, address }) => {
    const { CancelKeyDeletionCommand } = await import('@aws-sdk/client-kms')
    await kms.send(new CancelKeyDeletionCommand({ KeyId: arn }))
    const isSaved = (state: string) => state !== 'PendingDeletion'
    const state = (await untilKeyState(kms, arn, isSaved)) ?? 'unknown'
    return {
      saved: { keyArn: arn, address, state },
      enableBy: awsCommand(target, `kms enable-key --key-id ${arn}`),
    }
  })
}
