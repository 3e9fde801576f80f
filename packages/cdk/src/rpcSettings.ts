import { isSecretArn, secretForm } from './secretArns.js'

/** How the functions that send reach the chain, as they are told. */
export type RpcSettings = {
  environment: Record<string, string>
  /** What they must be let read. */
  secretArns: readonly string[]
  /** Amazon Managed Blockchain asks for a signature. */
  isSigned: boolean
  /** A URL that is no secret looks as if it held one. */
  holdsKey: boolean
}

/**
 * Checks the endpoint and the way to prove who asks, as the functions will.
 *
 * @param rpcUrl - Undefined where the home gives the chain.
 * @throws Error
 */
export function rpcSettings(
  rpcUrl: string | undefined,
  rpcAuth: string | undefined,
): RpcSettings {
  const bearerArn = /^bearer:(.*)$/s.exec(rpcAuth ?? '')?.[1]
  const isSigned = rpcAuth === 'sigv4'
  if (bearerArn !== undefined && !isSecretArn(bearerArn))
    throw new Error(
      `rpcAuth: what stands behind bearer: (${bearerArn.length} characters) is not an ARN. Allowed: bearer: and ${secretForm}; never the token itself, which anybody who sees the stack could read.`,
    )
  const isKnown = ['none', 'sigv4', undefined].includes(rpcAuth)
  if (!isKnown && bearerArn === undefined)
    throw new Error(
      `rpcAuth: what came (${String(rpcAuth).length} characters) is none of none, sigv4 and bearer:ARN, with ${secretForm}.`,
    )
  const isSecret = rpcUrl !== undefined && isSecretArn(rpcUrl)
  const urls =
    rpcUrl === undefined || isSecret ? [] : rpcUrl.split(/[\s,]+/).map(toUrl)
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
 * Checks where signed transactions go, as the functions will.
 *
 * @throws Error
 */
export function sendRpcSettings(
  url: string | undefined,
): Omit<RpcSettings, 'isSigned'> {
  if (url === undefined)
    return { environment: {}, secretArns: [], holdsKey: false }
  const { secretArns, holdsKey } = rpcSettings(url, undefined)
  return { environment: { SEND_RPC_URL: url }, secretArns, holdsKey }
}

/** It may hold a key, so nothing of it is quoted. */
function toUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol)) return url
  throw new Error(
    `rpcUrl: what came (${text.length} characters) is not a URL. Allowed: one or several URLs of http or https, separated by commas, or ${secretForm} that has them.`,
  )
}

/** Providers put keys into the user, the query or a long part of the path. */
function holdsKey({ username, password, search, pathname }: URL): boolean {
  return (
    `${username}${password}${search}` !== '' ||
    pathname.split('/').some((part) => /^[\w-]{20,}$/.test(part))
  )
}
