import { findUnheardProxy, isLoopback } from '../aws/index.js'
import { RpcConfigurationError } from './errors.js'

/** An endpoint's address. Show only `label`. */
export type RpcUrl = {
  /** Without the user and password. */
  url: URL
  /**
   * Scheme and host only, because providers' URLs contain keys in the path and
   * query.
   */
  label: string
  /** Basic credentials from the URL. */
  authorization: string | undefined
  /** The Region in an Amazon Managed Blockchain host name. */
  managedRegion: string | undefined
  /** Parts of the URL that may be keys, in case an answer quotes them. */
  secrets: readonly string[]
}

const managedHost =
  /^[a-z0-9.-]+\.managedblockchain\.([a-z0-9-]+)\.amazonaws\.com$/

/**
 * Parses one endpoint's URL.
 *
 * @throws RpcConfigurationError, which names only scheme and host
 */
export function read(text: string, options: { secret: boolean }): RpcUrl {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new RpcConfigurationError(
      'an RPC URL must begin with https:// (or http://, if it contains no API key)',
    )
  const label = `${url.protocol}//${url.host}`
  if (url.hash)
    throw new RpcConfigurationError(
      `the URL that begins with ${label} has a fragment (#...), which must be removed`,
    )
  const secret = options.secret || url.username !== '' || url.search !== ''
  if (url.protocol === 'http:' && secret && !isLoopback(url.hostname))
    throw new RpcConfigurationError(
      `${label} uses plain http to another machine, so credentials or an API key would be sent unencrypted; use https`,
    )
  const unheard = findUnheardProxy(url, process.env)
  if (unheard !== undefined) throw new RpcConfigurationError(unheard)
  const authorization =
    url.username === ''
      ? undefined
      : `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`
  const secrets = findSecrets(url)
  url.username = ''
  url.password = ''
  return {
    url,
    label,
    authorization,
    secrets,
    managedRegion: managedHost.exec(url.hostname)?.[1],
  }
}

/** API paths such as `v3` or `ext/bc/C/rpc` are shorter. */
function findSecrets({ pathname, searchParams, password }: URL): string[] {
  const parts = pathname.split('/').filter((part) => part.length >= 12)
  const values = [password, ...searchParams.values()]
  return [...parts, ...values.filter((value) => value.length >= 4)]
}
