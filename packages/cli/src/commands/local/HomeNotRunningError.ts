import { BaseError, quote } from '@keyward/core/errors'

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
