/** Who asked, and who may, as `keyward env --as` takes them. */
export type AllowedAtHome = { caller: string; allowed: readonly string[] }

/**
 * Who may do what the local home has refused: it says so in headers of its
 * own. AWS never does.
 *
 * @returns Undefined for what AWS refused, and where nobody may.
 */
export function allowedAtHome(error: unknown): AllowedAtHome | undefined {
  const { $response } = error as { $response?: SdkResponse }
  const headers = $response?.headers ?? {}
  const names = headers['x-keyward-allowed']?.split(' ') ?? []
  // Root may do nearly everything, so nobody learns anything from it.
  const others = names.filter((each) => each !== 'root')
  const allowed = others.length === 0 ? names : others
  if (allowed.length === 0) return undefined
  return { caller: headers['x-keyward-caller'] ?? '', allowed }
}

/** The same as a line of advice. */
export function adviceAtHome(error: unknown): string | undefined {
  const found = allowedAtHome(error)
  if (found === undefined) return undefined
  const { caller, allowed } = found
  return `You asked as ${caller}. This home allows it to ${allowed.join(', ')}:\n  eval "$(npx --no-install keyward env --as ${allowed[0]})"`
}

type SdkResponse = { headers?: Readonly<Record<string, string | undefined>> }
