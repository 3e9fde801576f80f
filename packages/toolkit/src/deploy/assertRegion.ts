import { InputError } from '@keyward/core/errors'
import type { Settings } from './Settings.js'

/** Settings that name what the stack uses in its own Region. */
const names = [
  ...['existingKeyArn', 'alarmTopicArn'],
  ...['ledgerKeyArn', 'guardKeyArn', 'proposalKeyArn'],
] as const

/**
 * The app does not know where its stack goes to; we do.
 *
 * @throws InputError before minutes have gone into a stack that can't work.
 */
export async function assertRegion(
  settings: Settings,
  region: string,
): Promise<void> {
  for (const name of names) {
    const arn = settings[name]
    const [, , , found] = typeof arn === 'string' ? arn.split(':') : []
    if (found !== undefined && found !== region)
      throw new InputError(
        `${name} is in ${found}, but the stack is deployed to ${region}.`,
        {
          details: `Deploy to ${found} (AWS_REGION), or name one in ${region}.`,
        },
      )
  }
  const { assertFips, readSettings } = await import('@keyward/cdk/settings')
  try {
    assertFips(readSettings(settings), region)
  } catch (error) {
    throw new InputError((error as Error).message, { cause: error })
  }
}
