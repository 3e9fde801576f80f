import { isDescribed, maskHex } from '@keyward/core/errors'

/** An error as `--json` prints it. */
export type ErrorData = {
  /** The code of the page that `keyward explain CODE` shows. */
  code: string
  error: string
  details?: string
}

/** For each error of the local home, one line that says what to do. */
const waysOut: Readonly<Record<string, string | undefined>> = {
  'port-taken':
    'To let the system choose both ports, run keyward local --port 0 --chain-port 0. To see the ports, run keyward env.',
}

/** Extracts the printable parts of any error, without secrets. */
export function toErrorData(error: unknown): ErrorData {
  if (isDescribed(error)) {
    const { code, shortMessage, details } = error
    return {
      ...{ code, error: shortMessage },
      ...(details !== undefined && details !== '' && { details }),
    }
  }
  const text = maskHex(error instanceof Error ? error.message : String(error))
  if (!isHomeError(error)) return { code: 'internal-error', error: text }
  const details = waysOut[error.code]
  return { code: error.code, error: text, ...(details && { details }) }
}

/**
 * Formats an error as the CLI prints it: a sentence, details, and the page that
 * explains it. The stack trace is included only with `KEYWARD_DEBUG`.
 */
export function describeError(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const debug = (env.KEYWARD_DEBUG ?? '') !== '' && env.KEYWARD_DEBUG !== '0'
  const { code, error: first, details } = toErrorData(error)
  const isOurs = isDescribed(error) || isHomeError(error)
  const lines = [
    `Error: ${first}`,
    details,
    isOurs
      ? pageText(code)
      : debug
        ? undefined
        : 'To see where the error occurred, set KEYWARD_DEBUG=1.',
  ]
  if (debug && error instanceof Error) lines.push(maskHex(stackOf(error)))
  return lines.filter((line) => line !== undefined && line !== '').join('\n')
}

/** A command to copy must stay on one line of 80 columns. */
function pageText(code: string): string {
  const [page, command] = [`docs/errors/${code}.md`, `keyward explain ${code}`]
  const line = `See ${page}, or run: ${command}`
  return line.length <= 80 ? line : `See ${page}, or run:\n  ${command}`
}

/** The local home doesn't share code with other packages, not even errors. */
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
