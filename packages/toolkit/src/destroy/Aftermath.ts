import * as DeletionWindow from '../aws/DeletionWindow.js'
import type { Target } from '../aws/Target.js'
import { neededCli, removalCommands } from '../stack/removalCommands.js'
import type { Step } from '../stack/Step.js'
import type { DestroyRequest } from './DestroyRequest.js'
import type { Destroyed } from './destroyStack.js'
import { type Plan, toJson } from './Plan.js'

/** What `destroy` did, and what is left to do. */
export type Aftermath = {
  steps: readonly Step[]
  left: readonly Step[]
  /** Keys that are scheduled for deletion, with the dates of their deletion. */
  dated: readonly { arn: string; until: string }[]
  /** Resources that still cost money, as text for users. */
  costs: readonly string[]
  /** Commands that remove those resources. */
  removals: readonly string[]
  /** The AWS CLI that those commands need, as text for users. */
  neededCli: string | undefined
  /** The command that finishes the rest. */
  again: string
  /** Converts the result to the `--json` output. */
  data: Record<string, unknown>
}

export function from(
  target: Target,
  plan: Plan,
  { steps, states }: Exclude<Destroyed['done'], undefined>,
  request: DestroyRequest,
): Aftermath {
  const left = steps.filter(({ done }) => !done)
  const dated = plan.keys.flatMap(({ arn }, index) => {
    const until = states[index]?.deletionDate?.toISOString()
    return until === undefined ? [] : [{ arn, until }]
  })
  const words = states.map((each) => each?.state)
  const costs = stillCosts(plan, words)
  const removals = removalsOf(target, plan)
  return {
    ...{ steps, left, dated, costs, removals },
    neededCli: neededCli(removals),
    again: commandFor(
      plan.stack,
      left.some(({ note }) => note === DeletionWindow.tooShort)
        ? { ...request, windowDays: DeletionWindow.longestDays }
        : request,
    ),
    data: {
      ...toJson(plan),
      steps,
      complete: left.length === 0,
      ...(plan.keys.length === 1
        ? {
            keyState: words[0] ?? null,
            cancelUntil: dated[0]?.until ?? null,
          }
        : {
            keyStates: words.map((each) => each ?? null),
            cancelUntil: dated.map(({ until }) => until).sort()[0] ?? null,
          }),
      stillCosts: costs,
      removeBy: removals,
    },
  }
}

/** When to run the commands, as text for users. */
export function removalAdvice(removals: readonly string[]): string {
  const hasTable = removals.some((each) => each.includes('delete-table'))
  return [
    "If you don't need these resources, remove them.",
    ...(hasTable
      ? [
          "Remove a table only after KMS has deleted the key, because until then the deletion can be canceled: without the ledger, a repeated request is paid again, and without the guard's table, the policy's windows count from 0 again.",
        ]
      : []),
  ].join(' ')
}

/**
 * The command to continue with, without the node's URL, which may contain an
 * API key.
 */
function commandFor(stack: string, request: DestroyRequest): string {
  return [
    `keyward destroy --stack ${stack} --break-glass-profile PROFILE`,
    ...(request.windowDays === DeletionWindow.longestDays
      ? []
      : [`--window-days ${request.windowDays}`]),
    ...(request.deleteImportedMaterial ? ['--delete-imported-material'] : []),
    ...(request.evenWithFunds ? ['--even-with-funds'] : []),
    ...(request.withoutBalanceCheck ? ['--without-balance-check'] : []),
    ...(request.keepLogs ? ['--keep-logs'] : []),
  ].join(' ')
}

function stillCosts(
  { keys, fates }: Plan,
  states: readonly (string | undefined)[],
): string[] {
  const others = fates.filter(
    ({ fate, type }) => fate === 'stay' && type !== 'AWS::KMS::Key',
  )
  return [
    ...keys.flatMap(({ arn, fate }, index) => {
      const state = states[index]
      return state === 'PendingDeletion' || fate === 'gone'
        ? []
        : [
            `the key ${arn}, billed monthly (${state ?? 'you have no permission to see its state'})`,
          ]
    }),
    ...others.map(({ type, id }) => `${id} (${type})`),
  ]
}

/**
 * Commands that remove the remaining resources, except the key, which has its
 * own text, and tables that other stacks may use.
 */
function removalsOf(target: Target, { fates }: Plan) {
  return fates
    .filter(
      ({ fate, type, given }) =>
        fate === 'stay' && type !== 'AWS::KMS::Key' && !given,
    )
    .flatMap(({ type, id }) => removalCommands(target, type, id))
}
