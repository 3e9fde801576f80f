/**
 * A policy that can't be used, or roles that contradict each other. This class
 * has the fields that all Keyward errors have, without importing them.
 */
export class PolicyError extends Error {
  override readonly name: string = 'PolicyError'
  readonly code: string
  /** One sentence, without the details. */
  readonly shortMessage: string
  readonly details: string | undefined
  readonly docsPath: string

  constructor(
    shortMessage: string,
    options: { code?: string; details?: string; cause?: unknown } = {},
  ) {
    const { code = 'invalid-policy', details } = options
    const docsPath = `docs/errors/${code}.md`
    super(
      [shortMessage, details, `See ${docsPath}`]
        .filter((part) => part !== undefined)
        .join('\n'),
      'cause' in options ? { cause: options.cause } : undefined,
    )
    this.code = code
    this.shortMessage = shortMessage
    this.details = details
    this.docsPath = docsPath
  }
}
