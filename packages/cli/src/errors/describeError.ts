import { maskHex } from './maskSecrets.js'

/** Shape of every error Keyward throws on purpose, whichever package's. */
type Described = Error & {
  code: string
  shortMessage: string
  details?: string | undefined
  docsPath: string
}

/**
 * An error as the CLI prints it: a sentence, details, the page that explains
 * it. A stack only with `KEYWARD_DEBUG`.
 */
export function describeError(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const debug = (env.KEYWARD_DEBUG ?? '') !== '' && env.KEYWARD_DEBUG !== '0'
  const lines = isDescribed(error)
    ? [`Error: ${error.shortMessage}`, error.details, `See ${error.docsPath}`]
    : isHomeError(error)
      ? [`Error: ${maskHex(error.message)}`, `See docs/errors/${error.code}.md`]
      : [
          `Error: ${maskHex(error instanceof Error ? error.message : String(error))}`,
          debug ? undefined : 'KEYWARD_DEBUG=1 shows where it happened.',
        ]
  if (debug && error instanceof Error) lines.push(maskHex(stackOf(error)))
  return lines.filter((line) => line !== undefined && line !== '').join('\n')
}

export function isDescribed(error: unknown): error is Described {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'shortMessage' in error &&
    typeof error.shortMessage === 'string' &&
    'docsPath' in error &&
    typeof error.docsPath === 'string'
  )
}

/** The local home shares no code with the rest, its errors included. */
function isHomeError(error: unknown): error is Error & { code: string } {
  return (
    error instanceof Error &&
    ['HomeError', 'StackError'].includes(error.name) &&
    'code' in error
  )
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? stackOf(error.cause) : undefined
  return [error.stack ?? error.message, cause && `Caused by: ${cause}`]
    .filter(Boolean)
    .join('\n')
}
