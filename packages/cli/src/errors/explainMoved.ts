import { BaseError, isDescribed } from '@keyward/core/errors'
import { Target } from '@keyward/toolkit'

/**
 * With `--port 0`, a local home has another port after each start. A shell that
 * still has the variables of an earlier start then gets a refused connection.
 * Names the port of the home that runs in this folder, if there is one.
 */
export async function explainMoved(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): Promise<unknown> {
  if (!isDescribed(error) || error.code !== 'aws-unreachable') return error
  const { code } = Object(error.cause) as { code?: unknown }
  const { AWS_ENDPOINT_URL: endpoint } = env
  if (code !== 'ECONNREFUSED' || endpoint === undefined) return error
  try {
    if (!Target.mayBeLocal(new URL(endpoint))) return error
    const { findHomeFolder, readLocalHome } = await import('@keyward/local')
    const home = readLocalHome(findHomeFolder())
    if (!home.running || home.endpoint === endpoint) return error
    return new BaseError(error.code, error.shortMessage, {
      details:
        `The local home now runs at ${home.endpoint}, but this shell's ` +
        'environment variables are from an earlier start. Set them again: ' +
        'eval "$(npx --no-install keyward env)".',
      cause: error,
    })
  } catch {
    // The first error says more than a folder that can't be read.
    return error
  }
}
