import { BaseError } from '@keyward/core'

/**
 * A setting in a secret or parameter could not be read. The error never
 * contains its value.
 */
export class SecretError extends BaseError {
  constructor(about: string, reason: string, cause?: Error) {
    super('secret-unreadable', `${about} could not be read: ${reason}.`, {
      details:
        "Nothing was sent. Check the ARN in the function's environment and the permissions of the function's role.",
      ...(cause && { cause }),
    })
    this.name = 'SecretError'
  }
}
