/**
 * Folder of the pages that explain error codes, relative to the repository
 * root.
 */
const docsFolder = 'docs/errors'

/**
 * Base class of every error that Keyward throws on purpose. The message says
 * what was received, what is allowed and what to do; `code` names the page
 * under `docs/errors/`.
 */
export class BaseError extends Error {
  /** Kebab-case, for example `invalid-signature`; stable across versions. */
  readonly code: string
  /** One sentence without details. */
  readonly shortMessage: string
  readonly details: string | undefined
  /** For example `docs/errors/invalid-signature.md`. */
  readonly docsPath: string

  constructor(
    code: string,
    shortMessage: string,
    options: { details?: string | undefined; cause?: unknown } = {},
  ) {
    const docsPath = `${docsFolder}/${code}.md`
    super(
      [shortMessage, options.details, `See ${docsPath}`]
        .filter((part) => part !== undefined && part !== '')
        .join('\n'),
      'cause' in options ? { cause: options.cause } : undefined,
    )
    this.name = 'BaseError'
    this.code = code
    this.shortMessage = shortMessage
    this.details = options.details
    this.docsPath = docsPath
  }
}
