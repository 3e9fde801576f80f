import { type BaseError, isDescribed } from '@keyward/core/errors'
import type { AwsConnection } from '../aws/connectAws.js'
import { seen } from '../aws/peek.js'
import { waitForOthers } from '../deploy/waitForOthers.js'
import type { Io } from '../Io.js'
import { connectCloudFormation } from '../stack/CloudFormation.js'
import { type KeyState, readKeyState } from '../stack/readKeyState.js'
import type { Step } from '../stack/Step.js'
import { assertBreakGlass } from './assertBreakGlass.js'
import { assertMayGo } from './assertMayGo.js'
import { connectBreakGlass } from './connectBreakGlass.js'
import type { DestroyRequest } from './DestroyRequest.js'
import { findRemains } from './findRemains.js'
import type { Plan, PlannedKey } from './Plan.js'
import { parameterType, planDestruction } from './planDestruction.js'
import { removeLogGroup, removeParameter, removeStack } from './removeStack.js'
import { isRefused, retireKey, stackKept, whoRetires } from './retireKey.js'

export type Destroyed = {
  plan: Plan
  /** In a dry run, the error with which the command would refuse. */
  refusal?: BaseError | undefined
  /** Undefined for a dry run. */
  done:
    | {
        steps: readonly Step[]
        /** One entry per key, in the plan's order. */
        states: readonly (KeyState | undefined)[]
      }
    | undefined
}

/**
 * Destroys a stack: disables the key and schedules its deletion, and removes
 * the functions and their logs. It first shows the plan and checks the
 * account's funds. Steps that are already done are skipped.
 *
 * @param onPlan - Receives the plan before any question.
 * @throws FundsRemainError, BalanceUncheckedError, StackProtectedError
 */
export async function destroyStack(
  io: Io,
  connection: AwsConnection,
  name: string,
  request: DestroyRequest,
  onPlan: (plan: Plan) => void,
): Promise<Destroyed> {
  const { target } = connection
  const { dryRun, yes, breakGlassProfile: profile } = request
  const action = `destroys the stack ${name}`
  if (!dryRun) io.assertAskable({ target, action, yes })
  // Checked before anything changes and before the user has to wait.
  const breakGlass =
    profile === undefined
      ? undefined
      : await connectBreakGlass(io, connection, profile)
  try {
    const client = await connectCloudFormation(connection)
    if (!dryRun) await waitForOthers(io, client, target, name)
    const remains = await findRemains(client, target, name)
    const plan = await planDestruction(connection, breakGlass, remains, request)
    if (breakGlass !== undefined && profile !== undefined)
      await assertBreakGlass(connection, breakGlass, profile, plan)
    if (dryRun) {
      const refusal = refusalOf(() =>
        assertMayGo(target, plan, remains, request),
      )
      return { plan, done: undefined, refusal }
    }
    onPlan(plan)
    assertMayGo(target, plan, remains, request)
    await io.confirm({ target, action, yes })

    const retired: Step[][] = []
    for (const key of plan.keys)
      if (key.fate === 'schedule')
        retired.push(await keySteps(plan, key, breakGlass, request))
    const steps = retired.flat()
    if (!remains.gone)
      steps.push(
        breakGlass !== undefined && isRefused(retired)
          ? stackKept(name)
          : await removeStack(io, connection, client, remains.stack),
      )
    // Running functions would recreate their log groups.
    if (steps.every(({ kind, done }) => done || kind !== 'stack'))
      for (const { type, id, fate } of plan.fates) {
        if (fate !== 'remove') continue
        if (type === 'AWS::Logs::LogGroup')
          steps.push(await removeLogGroup(connection, id))
        if (type === parameterType)
          steps.push(await removeParameter(connection, name))
      }
    const { kms } = breakGlass ?? connection
    const states = await Promise.all(
      plan.keys.map(
        async ({ arn, state }) => seen(await readKeyState(kms, arn)) ?? state,
      ),
    )
    return { plan, done: { steps, states } }
  } finally {
    breakGlass?.close()
  }
}

/** The error with which a check refuses. */
function refusalOf(check: () => void): BaseError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!isDescribed(error)) throw error
    return error
  }
}

async function keySteps(
  plan: Plan,
  key: PlannedKey,
  breakGlass: AwsConnection | undefined,
  request: DestroyRequest,
): Promise<Step[]> {
  const runAs = whoRetires(plan)
  if (breakGlass !== undefined)
    return retireKey(breakGlass.kms, key.arn, { ...request, runAs })
  const step = { kind: 'key', part: key.arn } as const
  if (key.state?.state === 'PendingDeletion' && !request.deleteImportedMaterial)
    return [{ ...step, done: true, note: 'is already scheduled for deletion' }]
  const note = 'no --break-glass-profile was given'
  return [{ ...step, done: false, note, runAs }]
}
