import { BaseError, quote } from '@keyward/core/errors'
import type { FoundHome } from '@keyward/local'
import { defaulting, text } from '../../program/Input.js'

export const dataDir = defaulting(
  text('--data-dir <folder>', "the folder with the home's keys and chain"),
  '.keyward',
)

/**
 * Finds the running home in a folder. @throws HomeNotRunningError, HomeError
 */
export async function readRunningHome(named: string): Promise<{
  dataDir: string
  home: Extract<FoundHome, { running: true }>
}> {
  const { findHomeFolder, readLocalHome } = await import('@keyward/local')
  const dataDir = findHomeFolder(named)
  const home = readLocalHome(dataDir)
  if (!home.running) throw new HomeNotRunningError(dataDir)
  return { dataDir, home }
}

/** A command needs a running local home, but the folder has none. */
export class HomeNotRunningError extends BaseError {
  override readonly name = 'HomeNotRunningError'

  constructor(dataDir: string) {
    super(
      'home-not-running',
      `No local home is running in ${quote(dataDir)}.`,
      {
        details:
          'Start one with npx --no-install keyward local, or pass the folder ' +
          'of a running home with --data-dir.',
      },
    )
  }
}
