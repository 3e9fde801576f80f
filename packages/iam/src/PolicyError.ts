/** What Keyward's errors have in common, without an import of them. */
export class PolicyError extends Error {
  override readonly name: string = 'PolicyError'
  readonly code: string
  /** One sentence, without the details. */
  readonly shortMessage: string
  readonly details: string | undefined
  readonly docsPath: string

  constructor(
    code: string,
    shortMessage: string,
    options: { details?: string; cause?: unknown } = {},
  ) {
    const docsPath = `docs/errors/${code}.md`
    super(
      [shortMessage, options.details, `See ${docsPath}`]
        .filter((part) => part !== undefined)
        .join('\n'),
      'cause' in options ? { cause: options.cause } : undefined,
    )
    this.code = code
    this.shortMessage = shortMessage
    this.details = options.details
    this.docsPath = docsPath
  }
}
