import { note, shellWord } from '@keyward/toolkit'
import {
  type Destroyed,
  type DestroyRequest,
  destroyStack as destroy,
  Plan,
  whoRetires,
} from '@keyward/toolkit/destroy'
import { removalCommands, withStack } from '@keyward/toolkit/stack'
import { destroyPlanText } from '../../output/destroyPlanText.js'
import type { Result } from '../../output/Result.js'
import { stepLines } from '../../output/stepsResult.js'
import { wrapLines } from '../../output/wrapLines.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

/** Takes a stack away, and its key, after a look at its funds. */
export function destroyStack(
  terminal: Terminal,
  options: DestroyRequest & { stack: string | undefined },
): Promise<Result> {
  return withStack(terminal, options, async (connection, name) => {
    const { plan, done } = await destroy(
      terminal,
      connection,
      name,
      options,
      (plan) => {
        const style = styleFor(terminal.stderr, terminal.env)
        note(terminal, `\n${destroyPlanText(plan, style, terminal.isFolded)}\n`)
      },
    )
    if (done !== undefined) return toResult(terminal, plan, done, options)
    const style = styleFor(terminal.stdout, terminal.env)
    return {
      data: { ...Plan.toJson(plan), dryRun: true },
      text: `${destroyPlanText(plan, style, terminal.isFolded)}\n\nNothing was done.`,
    }
  })
}

function toResult(
  terminal: Terminal,
  plan: Plan.Plan,
  { steps, states }: Exclude<Destroyed['done'], undefined>,
  request: DestroyRequest,
): Result {
  const style = styleFor(terminal.stdout, terminal.env)
  const left = steps.filter(({ done }) => !done)
  const dated = plan.keys.flatMap(({ arn }, index) => {
    const until = states[index]?.deletionDate?.toISOString()
    return until === undefined ? [] : [{ arn, until }]
  })
  const costs = stillCosts(
    plan,
    states.map((each) => each?.state),
    request,
  )
  const commands = removals(plan, request)
  const keyLeft = left.some(({ kind }) => kind === 'key')
  return {
    data: {
      ...Plan.toJson(plan),
      steps,
      complete: left.length === 0,
      ...(plan.keys.length === 1
        ? {
            keyState: states[0]?.state ?? null,
            cancelUntil: dated[0]?.until ?? null,
          }
        : {
            keyStates: states.map((each) => each?.state ?? null),
            cancelUntil: dated.map(({ until }) => until).sort()[0] ?? null,
          }),
      stillCosts: costs,
      removeBy: commands,
    },
    text: wrapLines(
      [
        ...stepLines(steps, style),
        ...(steps.length === 0
          ? [`Nothing of ${plan.stack} is left to do.`]
          : []),
        '',
        ...dated.flatMap(({ arn, until }) => [
          `KMS destroys the key on ${until.slice(0, 10)}. Until then an administrator of it can take that back:`,
          `  keyward key cancel-deletion --key ${shellWord(arn)}`,
        ]),
        costs.length === 0
          ? 'None of it costs money any more.'
          : 'Still costs money:',
        ...costs.map((each) => `  ${each}`),
        ...(commands.length === 0
          ? []
          : [
              "If you don't need these, remove them; the ledger only together with its key:",
              ...commands.map((each) => `  ${each}`),
            ]),
        ...(keyLeft
          ? [
              '',
              style.red(
                plan.keys.length === 1
                  ? 'The key is still there.'
                  : 'Keys are still there.',
              ),
              `With a profile of ${whoRetires}:`,
              `  ${commandFor(plan.stack, request)}`,
            ]
          : []),
        ...left
          .filter(({ kind, runAs }) => kind !== 'key' && runAs !== undefined)
          .map(({ part, runAs }) => `For ${part}, run it again as ${runAs}.`),
      ].join('\n'),
      terminal.stdout.columns,
    ),
    exitCode: left.length === 0 ? 0 : 3,
  }
}

/** How to go on; without the URL of a node, which may hold a key. */
function commandFor(stack: string, request: DestroyRequest): string {
  return [
    `keyward destroy --stack ${stack} --break-glass-profile PROFILE`,
    ...(request.windowDays === 30
      ? []
      : [`--window-days ${request.windowDays}`]),
    ...(request.deleteImportedMaterial ? ['--delete-imported-material'] : []),
    ...(request.evenWithFunds ? ['--even-with-funds'] : []),
    ...(request.withoutBalanceCheck ? ['--without-balance-check'] : []),
    ...(request.keepLogs ? ['--keep-logs'] : []),
  ].join(' ')
}

function stillCosts(
  { keys, fates }: Plan.Plan,
  states: readonly (string | undefined)[],
  { keepLogs }: DestroyRequest,
): string[] {
  const others = fates.filter(
    ({ fate, type }) =>
      fate === 'stay' &&
      !['AWS::KMS::Key', 'AWS::Logs::LogGroup'].includes(type),
  )
  return [
    ...keys.flatMap(({ arn }, index) => {
      const state = states[index]
      return state === 'PendingDeletion'
        ? []
        : [
            `the key ${arn}, by the month (${state ?? 'not allowed to see its state'})`,
          ]
    }),
    ...(keepLogs ? ['the logs of the functions, by size'] : []),
    ...others.map(({ type, id }) => `${id} (${type})`),
  ]
}

/** Of what stays; the key has words of its own. */
function removals({ fates }: Plan.Plan, { keepLogs }: DestroyRequest) {
  return fates
    .filter(({ fate, type }) => fate === 'stay' && type !== 'AWS::KMS::Key')
    .filter(({ type }) => keepLogs || type !== 'AWS::Logs::LogGroup')
    .flatMap(({ type, id }) => removalCommands(type, id))
}
