import { note } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { withKey } from './withKey.js'

export type ScheduledDeletion = {
  keyArn: string
  address: string | null
  state: string
  /** ISO 8601. */
  deletionDate: string | null
}

/** Has KMS delete a key for good after a waiting period of 7 to 30 days. */
export function scheduleDeletion(
  terminal: Terminal,
  keyId: string,
  { days, yes }: { days: number; yes: boolean },
): Promise<Result<ScheduledDeletion>> {
  return withKey(terminal, keyId, async (key) => {
    const { kms, arn, metadata, address } = key
    const answer = (date: Date | undefined, text: string) => ({
      data: {
        keyArn: arn,
        address: address ?? null,
        state: 'PendingDeletion',
        deletionDate: date?.toISOString() ?? null,
      },
      text: `${text}\nUntil then it can be saved: keyward key cancel-deletion ${arn}`,
    })
    if (metadata.KeyState === 'PendingDeletion')
      return answer(
        metadata.DeletionDate,
        `${arn} is pending deletion already, for ${dayOf(metadata.DeletionDate)}.`,
      )
    note(
      terminal,
      `${key.named}, signs no more from now on, and in ${days} days ` +
        `it is gone for good. ${afterwards(metadata.Origin)} What the ` +
        'account owns was not looked at here; keyward destroy does that for ' +
        'a stack.',
    )
    await terminal.confirm({
      target: key.target,
      action: `schedules the deletion of ${key.named}, in ${days} days`,
      yes,
    })
    const { ScheduleKeyDeletionCommand } = await import('@aws-sdk/client-kms')
    const { DeletionDate } = await kms.send(
      new ScheduleKeyDeletionCommand({
        KeyId: arn,
        PendingWindowInDays: days,
      }),
    )
    return answer(DeletionDate, `KMS deletes ${arn} on ${dayOf(DeletionDate)}.`)
  })
}

function afterwards(origin: string | undefined): string {
  return origin === 'EXTERNAL'
    ? 'Only a copy of the private key outside KMS gives the account back.'
    : 'No copy of its private key exists, so the account is lost with it.'
}

function dayOf(date: Date | undefined): string {
  return date?.toISOString().slice(0, 10) ?? 'a day that KMS does not tell'
}
