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
 * Has KMS delete a key for good after a waiting period of 7 to 30 days.
 *
 * @returns What is so now, and whether it was not before.
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
    note(
      io,
      `${key.named}, signs no more from now on, and in ${days} days ` +
        `it is gone for good. ${afterwards(metadata.Origin)} What the ` +
        'account owns was not looked at here; keyward destroy does that for ' +
        'a stack.',
    )
    const action = `schedules the deletion of ${key.named}, in ${days} days`
    await io.confirm({ target, action, yes })
    const { ScheduleKeyDeletionCommand } = await import('@aws-sdk/client-kms')
    const { DeletionDate } = await kms.send(
      new ScheduleKeyDeletionCommand({ KeyId: arn, PendingWindowInDays: days }),
    )
    return { key: pending(DeletionDate), isNew: true }
  })
}

function afterwards(origin: string | undefined): string {
  return origin === 'EXTERNAL'
    ? 'Only a copy of the private key outside KMS gives the account back.'
    : 'No copy of its private key exists, so the account is lost with it.'
}
