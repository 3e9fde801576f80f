import { BaseError, Quote } from '@keyward/core'

/**
 * A call through another alias requested an operation that only administrators
 * may use.
 */
export class AdministratorsOnlyError extends BaseError {
  constructor(operation: unknown, caller: string | undefined) {
    const came =
      caller === undefined
        ? 'without an alias'
        : `through ${Quote.value(caller)}`
    super(
      'caller-not-allowed',
      `The operation ${Quote.value(operation)} was called ${came}; allowed: only through the alias "admin", which the stack's administrators can invoke.`,
    )
    this.name = 'AdministratorsOnlyError'
  }
}
