import { isSecretArn, secretForm } from './secretArns.js'

/** The environment through which the functions that send reach the chain. */
export type RpcSettings = {
  environment: Record<string, string>
  /** ARNs of the secrets and parameters that they must be able to read. */
  secretArns: readonly string[]
  /** Whether requests are signed, as Amazon Managed Blockchain requires. */
  isSigned: boolean
  /** Whether a plain URL seems to contain a secret. */
  holdsKey: boolean
}

/**
 * Checks the endpoint and the authentication, as the functions do.
 *
 * @param rpcUrl - Undefined if the home provides the chain.
 * @param name - Name of the setting that contains the URL, for the message.
 * @throws Error
 */
export function rpcSettings(
  rpcUrl: string | undefined,
  rpcAuth: string | undefined,
  name = 'rpcUrl',
): RpcSettings {
  const bearerArn = /^bearer:(.*)$/s.exec(rpcAuth ?? '')?.[1]
  const isSigned = rpcAuth === 'sigv4'
  if (bearerArn !== undefined && !isSecretArn(bearerArn))
    throw new Error(
      `rpcAuth: the text after "bearer:" (${bearerArn.length} characters) is not an ARN. Allowed: "bearer:" followed by ${secretForm}; never the token itself, which anybody who sees the stack could read.`,
    )
  const isKnown = ['none', 'sigv4', undefined].includes(rpcAuth)
  if (!isKnown && bearerArn === undefined)
    throw new Error(
      `rpcAuth: the value (${String(rpcAuth).length} characters) is not ` +
        `allowed. Allowed: "none", "sigv4", or "bearer:" followed by ${secretForm}.`,
    )
  const isSecret = rpcUrl !== undefined && isSecretArn(rpcUrl)
  const urls =
    rpcUrl === undefined || isSecret
      ? []
      : rpcUrl.split(/[\s,]+/).map((url) => toUrl(url, name))
  return {
    environment: {
      ...(rpcUrl !== undefined && { RPC_URL: rpcUrl }),
      ...(rpcAuth !== undefined && { RPC_AUTH: rpcAuth }),
    },
    secretArns: [
      ...(isSecret ? [rpcUrl] : []),
      ...(bearerArn === undefined ? [] : [bearerArn]),
    ],
    isSigned,
    holdsKey: urls.some(holdsKey),
  }
}

/**
 * Checks the endpoints for signed transactions, as the functions do.
 *
 * @throws Error
 */
export function sendRpcSettings(
  url: string | undefined,
): Omit<RpcSettings, 'isSigned'> {
  if (url === undefined)
    return { environment: {}, secretArns: [], holdsKey: false }
  const { secretArns, holdsKey } = rpcSettings(url, undefined, 'sendRpcUrl')
  return { environment: { SEND_RPC_URL: url }, secretArns, holdsKey }
}

/** Parses a URL. It may contain a key, so no part of it is quoted. */
function toUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new Error(
    `${name}: the value (${text.length} characters) is not a URL. Allowed: ` +
      'one or more http or https URLs, separated by commas, or ' +
      `${secretForm} that contains them.`,
  )
}

/** Providers put keys into the user name, the query or a long path segment. */
function holdsKey({ username, password, search, pathname }: URL): boolean {
  return (
    `${username}${password}${search}` !== '' ||
    pathname.split('/').some((part) => /^[\w-]{20,}$/.test(part))
  )
}
