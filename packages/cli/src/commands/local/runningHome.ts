import { BaseError, quote } from '@keyward/core/errors'
import type { FoundHome } from '@keyward/local'
import { defaulting, text } from '../../program/Input.js'

export const dataDir = defaulting(
  text('--data-dir <folder>', 'folder of the home: keys, credentials, chain'),
  '.keyward',
)

/** The home that runs in a folder. @throws HomeNotRunningError, HomeError */
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

/** A command needs a running local home, and its folder has none. */
export class HomeNotRunningError extends BaseError {
  override readonly name = 'HomeNotRunningError'

  constructor(dataDir: string) {
    super('home-not-running', `No local home runs in ${quote(dataDir)}.`, {
      details:
        'Start one with npx --no-install keyward local, or name the folder of the one ' +
        'that runs with --data-dir.',
    })
  }
}
