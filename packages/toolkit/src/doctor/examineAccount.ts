import { peek, seen } from '../aws/peek.js'
import * as Settings from '../deploy/Settings.js'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { connectCloudFormation } from '../stack/CloudFormation.js'
import { findTemplate } from '../stack/readStack.js'
import { settingsOf } from '../stack/Template.js'
import { withStack } from '../stack/withStack.js'
import type { Check } from './Check.js'
import { checkBeforeDeploy } from './checkBeforeDeploy.js'
import { checkClock } from './checkClock.js'

/**
 * Examines the account for problems that would make a deployment fail after
 * several minutes.
 */
export async function examineAccount(
  io: Io,
  options: {
    stack: string | undefined
    settings: string | undefined
    context: readonly string[]
  },
): Promise<{ stack: string; checks: Check[] }> {
  const { settings, context } = options
  const given = await reading(() => Settings.read({ settings, context }))
  return withStack(io, options, async (connection, stack) => {
    const client = await connectCloudFormation(connection)
    const template = seen(await peek(() => findTemplate(client, stack)))
    const all = Settings.merge(settingsOf(template), given)
    const checks = [
      checkClock(connection),
      ...(await checkBeforeDeploy(connection, all)),
    ]
    return { stack, checks }
  })
}
