import { BaseError } from '@keyward/core'

/**
 * The stack was deployed without a Safe, and has not been deployed with one
 * since.
 */
export class SafeNotPinnedError extends BaseError {
  constructor() {
    super('safe-not-pinned', 'This function has no Safe yet.', {
      details:
        'Nothing was signed. Create or adopt the Safe (keyward safe create, keyward safe adopt), then deploy again with its safe file (keyward deploy --safe-file FILE).',
    })
    this.name = 'SafeNotPinnedError'
  }
}
