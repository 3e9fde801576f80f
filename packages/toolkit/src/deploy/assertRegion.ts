import { InputError } from '@keyward/core/errors'
import type { Settings } from './Settings.js'

/** Settings that name resources which must be in the stack's own Region. */
const names = [
  ...['existingKeyArn', 'alarmTopicArn'],
  ...['ledgerKeyArn', 'guardKeyArn', 'proposalKeyArn'],
] as const

/**
 * Checks the Regions in the settings, which the app can't do because it doesn't
 * know the stack's Region.
 *
 * @throws InputError before minutes are spent on a stack that can't work
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
        `${name} names a resource in ${found}, but the stack is deployed to ${region}.`,
        {
          details: `Deploy to ${found} (AWS_REGION), or use a resource in ${region}.`,
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
