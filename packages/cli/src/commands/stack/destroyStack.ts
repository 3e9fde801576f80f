import { note, type Style, shellWord } from '@keyward/toolkit'
import {
  Aftermath,
  type DestroyRequest,
  destroyStack as destroy,
  Plan,
  planText,
  whoRetires,
} from '@keyward/toolkit/destroy'
import { withStack } from '@keyward/toolkit/stack'
import type { Result } from '../../output/Result.js'
import { stepLines } from '../../output/stepsResult.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Destroys a stack and its key, after checking the account's funds. */
export function destroyStack(
  terminal: Terminal,
  options: DestroyRequest & { stack: string | undefined; verbose: boolean },
): Promise<Result> {
  const textOf = (plan: Plan.Plan, style: Style) =>
    planText(plan, style, foldsOf(terminal, options))
  return withStack(terminal, options, async (connection, name) => {
    const { plan, done, refusal } = await destroy(
      terminal,
      connection,
      name,
      options,
      (plan) => {
        const { style } = terminal.stderr
        note(terminal, `\n${textOf(plan, style)}\n`)
      },
    )
    const { style } = terminal.stdout
    if (done !== undefined)
      return toResult(
        style,
        plan,
        Aftermath.from(connection.target, plan, done, options),
      )
    return {
      data: {
        ...Plan.toJson(plan),
        dryRun: true,
        refusal: refusal?.code ?? null,
      },
      text: `${textOf(plan, style)}\n\n${refusal === undefined ? '' : `Without --dry-run, the command would refuse: ${refusal.shortMessage}\n`}Nothing was deleted: this was a dry run.`,
    }
  })
}

/**
 * A log should list what is about to be removed, but not what an earlier run
 * removed.
 */
function foldsOf(
  { isFolded }: Terminal,
  { verbose }: { verbose: boolean },
): readonly ('remove' | 'gone')[] {
  if (isFolded) return ['remove', 'gone']
  return verbose ? [] : ['gone']
}

function toResult(
  style: Style,
  plan: Plan.Plan,
  {
    steps,
    left,
    dated,
    costs,
    removals,
    neededCli,
    again,
    data,
  }: Aftermath.Aftermath,
): Result {
  const { stack, keys } = plan
  return {
    data,
    text: [
      ...stepLines(steps, style),
      ...(steps.length === 0
        ? [`There is nothing left to do for ${stack}.`]
        : []),
      '',
      ...dated.flatMap(({ arn, until }) => [
        `KMS deletes the key on ${until.slice(0, 10)}. Until then, an administrator of the key can cancel the deletion:`,
        `  keyward key cancel-deletion --key ${shellWord(arn)}`,
      ]),
      costs.length === 0
        ? 'The stack no longer costs any money.'
        : 'These resources still cost money:',
      ...costs.map((each) => `- ${each}`),
      ...(removals.length === 0
        ? []
        : [
            Aftermath.removalAdvice(removals),
            ...removals.map((each) => `  ${each}`),
            ...(neededCli === undefined ? [] : [neededCli]),
          ]),
      ...(left.some(({ kind }) => kind === 'key')
        ? [
            '',
            style.red(
              keys.length === 1
                ? 'The key still exists.'
                : 'Some keys still exist.',
            ),
            `Run this with a profile of ${whoRetires(plan)}:`,
            `  ${again}`,
          ]
        : []),
      ...left
        .filter(({ kind, runAs }) => kind !== 'key' && runAs !== undefined)
        .map(
          ({ part, runAs }) =>
            `For ${part}, run the command again as ${runAs}.`,
        ),
    ].join('\n'),
    exitCode: left.length === 0 ? 0 : 3,
  }
}
