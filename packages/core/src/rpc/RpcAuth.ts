import {
  type CredentialsSource,
  createRequestSigner,
  readCredentials,
} from '../aws/index.js'
import { RpcConfigurationError } from './errors.js'
import type { RpcUrl } from './RpcUrl.js'
import type { Runtime } from './Runtime.js'

/** How requests authenticate to the endpoints. */
export type RpcAuth =
  | { type: 'none' }
  /** Signature Version 4 with service `managedblockchain`. */
  | {
      type: 'sigv4'
      /** @default the Region in the host's name, or AWS_REGION */
      region?: string | undefined
      /** @default AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN */
      credentials?: CredentialsSource
    }
  /** `Authorization: Bearer`. A function is called for each request. */
  | { type: 'bearer'; token: string | (() => Promise<string>) }

/** Creates the headers of one request. */
export type Authenticate = (body: string) => Promise<Record<string, string>>

const contentType = 'application/json'

/** @throws RpcConfigurationError */
export function create(
  auth: RpcAuth,
  endpoint: RpcUrl,
  runtime: Runtime,
): Authenticate {
  const { url, label, managedRegion, authorization } = endpoint
  if (auth.type !== 'none' && authorization !== undefined)
    throw new RpcConfigurationError(
      `the URL that begins with ${label} contains a user name or password, which can't be combined with RPC_AUTH=${auth.type}; remove it from the URL, or set RPC_AUTH=none`,
    )
  if (auth.type === 'sigv4') return createSigV4(auth, endpoint, runtime)
  if (managedRegion !== undefined && !url.searchParams.has('billingtoken'))
    throw new RpcConfigurationError(
      `${label} belongs to Amazon Managed Blockchain, which needs RPC_AUTH=sigv4 (or a billing token in the URL)`,
    )
  if (auth.type === 'none') {
    const headers = {
      'content-type': contentType,
      ...(authorization === undefined ? {} : { authorization }),
    }
    return async () => headers
  }
  const { token } = auth
  return async () => {
    const text = (typeof token === 'function' ? await token() : token).trim()
    // Node's error for such a header doesn't help, and it must not quote the
    // token.
    if (!/^[\x21-\x7e]+$/.test(text))
      throw new RpcConfigurationError(
        `the bearer token for ${label} is empty or has characters that are not allowed in a header; correct the token`,
      )
    return { 'content-type': contentType, authorization: `Bearer ${text}` }
  }
}

function createSigV4(
  auth: RpcAuth & { type: 'sigv4' },
  { url, label, managedRegion }: RpcUrl,
  runtime: Runtime,
): Authenticate {
  const region = auth.region ?? managedRegion ?? process.env.AWS_REGION
  if (!region || !/^[a-z0-9-]{1,64}$/.test(region))
    throw new RpcConfigurationError(
      'the Region for SigV4 is missing or not valid. Set AWS_REGION',
    )
  // The signature would not cover these parts, or would have to encode them.
  if (url.search || !/^[A-Za-z0-9/_.~-]*$/.test(url.pathname))
    throw new RpcConfigurationError(
      `the URL that begins with ${label} has a query or special characters in its path, which RPC_AUTH=sigv4 does not allow; if the URL has a billing token, set RPC_AUTH=none`,
    )
  const sign = createRequestSigner({ region, service: 'managedblockchain' })
  const fail = (reason: string) => new RpcConfigurationError(reason)
  return async (body) =>
    sign({
      credentials: await readCredentials(auth.credentials, fail),
      host: url.host,
      path: url.pathname,
      contentType,
      body,
      now: runtime.now(),
    })
}
