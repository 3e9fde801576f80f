import { InputError } from '@keyward/core/errors'
import * as DeletionWindow from '../aws/DeletionWindow.js'
import { type Io, note } from '../Io.js'
import { withKey } from './withKey.js'

export type ScheduledDeletion = {
  keyArn: string
  address: string | null
  state: string
  /** ISO 8601. */
  deletionDate: string | null
}

/**
 * Schedules a key's permanent deletion after a waiting period of 7 to 30 days.
 *
 * @returns The resulting state, and whether it changed.
 */
export function scheduleDeletion(
  io: Io,
  keyId: string,
  { days, yes }: { days: number; yes: boolean },
): Promise<{ key: ScheduledDeletion; isNew: boolean }> {
  return withKey(io, keyId, async (key) => {
    const { kms, target, arn, metadata, address } = key
    const pending = (date: Date | undefined) => ({
      ...{ keyArn: arn, address, state: 'PendingDeletion' },
      deletionDate: date?.toISOString() ?? null,
    })
    if (metadata.KeyState === 'PendingDeletion')
      return { key: pending(metadata.DeletionDate), isNew: false }
    const minimum =
      days < DeletionWindow.longestDays
        ? await DeletionWindow.readMinimum(kms, arn)
        : undefined
    DeletionWindow.assertAllowed(arn, { flag: '--days', days }, minimum)
    note(
      io,
      `${key.named}, stops signing now and is permanently deleted in ${days} ` +
        `days. ${afterwards(metadata.Origin)} This command does not check ` +
        'what the account owns; for a stack, keyward destroy does. To see ' +
        `the balance, run:\n  keyward balance ${address ?? `--key ${arn}`}`,
    )
    const action = `schedules the deletion of ${key.named}, in ${days} days`
    await io.confirm({ target, action, yes })
    const { ScheduleKeyDeletionCommand } = await import('@aws-sdk/client-kms')
    const { DeletionDate } = await kms
      .send(
        new ScheduleKeyDeletionCommand({
          KeyId: arn,
          PendingWindowInDays: days,
        }),
      )
      .catch((error: unknown) => {
        if (!DeletionWindow.mayBeTooShort(error, days)) throw error
        throw new InputError(`AWS did not allow --days ${days}.`, {
          details: `The key's policy denies the deletion. It may have a minimum waiting period, usually ${DeletionWindow.longestDays} days. Nothing was done. Run the command without --days: keyward key schedule-deletion ${arn}`,
          cause: error,
        })
      })
    return { key: pending(DeletionDate), isNew: true }
  })
}

function afterwards(origin: string | undefined): string {
  return origin === 'EXTERNAL'
    ? 'After that, you can use the account only with a copy of the private key outside KMS.'
    : 'No copy of its private key exists, so the account will be lost.'
}
