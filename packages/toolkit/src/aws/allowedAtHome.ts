import { quote } from '@keyward/core/errors'

/**
 * The caller and the allowed principals, in the form that `keyward env --as`
 * accepts.
 */
export type AllowedAtHome = { caller: string; allowed: readonly string[] }

/**
 * The principals allowed to do what the local home refused. The home names them
 * in its own headers; AWS never does.
 *
 * @returns Undefined if AWS refused the call, or if no principal is allowed to
 * make it.
 */
export function allowedAtHome(error: unknown): AllowedAtHome | undefined {
  const { $response } = error as { $response?: SdkResponse }
  const headers = $response?.headers ?? {}
  const names = headers['x-keyward-allowed']?.split(' ') ?? []
  // Root is allowed to do nearly everything, so naming it would not help.
  const others = names.filter((each) => each !== 'root')
  const allowed = others.length === 0 ? names : others
  if (allowed.length === 0) return undefined
  return { caller: headers['x-keyward-caller'] ?? '', allowed }
}

/** The same information, as advice for the user. */
export function adviceAtHome(error: unknown): string | undefined {
  const found = allowedAtHome(error)
  if (found === undefined) return undefined
  const { caller, allowed } = found
  const who =
    allowed.length === 1
      ? `${allowed[0]} has the permission`
      : `these principals have the permission: ${allowed.join(', ')}`
  return (
    `${caller === '' ? '' : `You are using the principal ${quote(caller)}. `}In this local home, ${who}. ` +
    `To switch to ${allowed[0]}, run:\n` +
    `  eval "$(npx --no-install keyward env --as ${allowed[0]})"`
  )
}

type SdkResponse = { headers?: Readonly<Record<string, string | undefined>> }
