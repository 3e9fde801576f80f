import { reading } from '@keyward/toolkit'
import { peek, seen } from '@keyward/toolkit/aws'
import { Settings } from '@keyward/toolkit/deploy'
import { checkBeforeDeploy, checkClock } from '@keyward/toolkit/doctor'
import {
  connectCloudFormation,
  readTemplate,
  settingsOf,
  withStack,
} from '@keyward/toolkit/stack'
import { checksResult } from '../../output/checksResult.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Looks at what a deployment would fail on after minutes. */
export async function examineAccount(
  terminal: Terminal,
  options: {
    stack: string | undefined
    settings: string | undefined
    context: readonly string[]
  },
): Promise<Result> {
  const { settings, context } = options
  const given = await reading(() => Settings.read({ settings, context }))
  return withStack(terminal, options, async (connection, stack) => {
    const client = await connectCloudFormation(connection)
    const template = seen(
      await peek(() => readTemplate(client, stack).catch(() => undefined)),
    )
    const all = Settings.merge(settingsOf(template), given)
    const checks = [
      checkClock(connection),
      ...(await checkBeforeDeploy(connection, all)),
    ]
    const well = 'Nothing blocks a deployment.'
    return checksResult(terminal, stack, checks, well)
  })
}
