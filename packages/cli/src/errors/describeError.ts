import { isDescribed, maskHex } from '@keyward/core/errors'

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
