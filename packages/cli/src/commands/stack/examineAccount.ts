import { type AwsConnection, peek, seen } from '@keyward/toolkit/aws'
import { Settings } from '@keyward/toolkit/deploy'
import { checkBeforeDeploy, checkClock } from '@keyward/toolkit/doctor'
import { connectCloudFormation, readTemplate } from '@keyward/toolkit/stack'
import { checksText } from '../../output/checksText.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** Looks at what a deployment would fail on after minutes. */
export async function examineAccount(
  terminal: Terminal,
  connection: AwsConnection,
  stack: string,
  {
    settings,
    context = [],
  }: {
    settings?: string | undefined
    context?: readonly string[]
  },
): Promise<Result> {
  const client = await connectCloudFormation(connection)
  const template = seen(
    await peek(() => readTemplate(client, stack).catch(() => undefined)),
  )
  const all = Settings.merge(
    Settings.fromTemplate(template),
    settings === undefined ? {} : await Settings.fromFile(settings),
    Settings.fromPairs(context),
  )
  const checks = [
    checkClock(connection),
    ...(await checkBeforeDeploy(connection, all)),
  ]
  const isWell = checks.every(({ ok }) => ok !== false)
  return {
    data: { stack, well: isWell, checks },
    text: checksText(checks, terminal, 'Nothing stands against a deployment.'),
    exitCode: isWell ? 0 : 1,
  }
}
