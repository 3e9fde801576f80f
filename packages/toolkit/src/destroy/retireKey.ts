import type { KMSClient } from '@aws-sdk/client-kms'
import * as DeletionWindow from '../aws/DeletionWindow.js'
import { seen } from '../aws/peek.js'
import { type KeyState, readKeyState } from '../stack/readKeyState.js'
import * as Step from '../stack/Step.js'
import { untilKeyState } from '../stack/untilKeyState.js'
import type { Plan } from './Plan.js'

/**
 * Disables a key, deletes its imported material on request, and schedules its
 * deletion. Steps that are already done are skipped, so the call can be
 * repeated.
 *
 * @param kms - A client with the break-glass role's credentials.
 */
export async function retireKey(
  kms: KMSClient,
  arn: string,
  options: {
    windowDays: number
    deleteImportedMaterial: boolean
    /** Describes who is allowed to do this. */
    runAs: string
  },
): Promise<Step.Step[]> {
  const steps: Step.Step[] = []
  const state = seen(await readKeyState(kms, arn))
  const sdk = await import('@aws-sdk/client-kms')
  const KeyId = arn
  if (state?.state === 'Enabled')
    steps.push(
      await Step.run('key', arn, options.runAs, async () => {
        await kms.send(new sdk.DisableKeyCommand({ KeyId }))
        return 'disabled: the key can no longer sign'
      }),
    )
  if (options.deleteImportedMaterial && state?.origin === 'EXTERNAL')
    steps.push(
      await Step.run('key', arn, options.runAs, async () => {
        await kms.send(new sdk.DeleteImportedKeyMaterialCommand({ KeyId }))
        return 'imported key material deleted; to restore it, import your own copy'
      }),
    )
  let tooShort = false
  const scheduled = await Step.run('key', arn, options.runAs, async () => {
    if (state?.state === 'PendingDeletion')
      return `is already scheduled for deletion${dateOf(state)}`
    const PendingWindowInDays = options.windowDays
    const { DeletionDate } = await kms
      .send(new sdk.ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }))
      .catch((error: unknown) => {
        tooShort = DeletionWindow.mayBeTooShort(error, PendingWindowInDays)
        throw error
      })
    await untilKeyState(kms, arn, (state) => state === 'PendingDeletion')
    return `scheduled for deletion${dateOf({ deletionDate: DeletionDate })}`
  })
  steps.push(
    tooShort ? { ...scheduled, note: DeletionWindow.tooShort } : scheduled,
  )
  return steps
}

/**
 * Whether a key's deletion, the last of its steps, was not scheduled.
 *
 * @param retired - The steps of each key.
 */
export function isRefused(retired: readonly (readonly Step.Step[])[]): boolean {
  return retired.some((steps) => steps.at(-1)?.done === false)
}

/**
 * The step of a stack that stays, because otherwise its key would remain alone,
 * without the template that describes it.
 */
export function stackKept(stack: string): Step.Step {
  return {
    ...{ kind: 'stack', part: `stack ${stack}`, done: false },
    note: 'kept, because the deletion of its key could not be scheduled. Fix that and run the command again. To delete the stack and leave the key, run it without --break-glass-profile.',
  }
}

/** Describes the principals that are allowed to do this. */
export function whoRetires({ breakGlass }: Pick<Plan, 'breakGlass'>): string {
  const role = "the break-glass role that the key's policy names"
  return breakGlass.length === 0 ? role : `${role} (${breakGlass.join(', ')})`
}

function dateOf({ deletionDate }: Pick<KeyState, 'deletionDate'>): string {
  return deletionDate === undefined
    ? ''
    : `; it will be deleted on ${deletionDate.toISOString().slice(0, 10)}`
}
