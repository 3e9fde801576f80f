import { InputError } from '@keyward/core/errors'
import { RpcUrl } from '@keyward/core/rpc'
import type { Io } from '../Io.js'

/**
 * Finds the JSON-RPC endpoints to use: from the flag, otherwise from RPC_URL,
 * otherwise from ETH_RPC_URL (Foundry's name, which `keyward env` sets).
 *
 * @returns Undefined if none is set.
 * @throws RpcConfigurationError, also for plain http to another machine
 */
export function rpcUrls(
  { env }: Io,
  given?: string,
): readonly string[] | undefined {
  return [given, env.RPC_URL, env.ETH_RPC_URL]
    .map(splitUrls)
    .find((urls) => urls !== undefined)
}

/**
 * Splits comma-separated URLs; undefined if there are none.
 *
 * @throws RpcConfigurationError
 */
export function splitUrls(
  text: string | undefined,
): readonly string[] | undefined {
  const urls = text?.split(/[\s,]+/).filter((url) => url !== '') ?? []
  return urls.length === 0 ? undefined : urls.map(parseRpcUrl)
}

/**
 * Checks the URL of an endpoint and returns it unchanged. Any path may contain
 * a provider's API key, so plain http to another machine is refused.
 *
 * @throws RpcConfigurationError, which shows only scheme and host
 */
export function parseRpcUrl(text: string): string {
  RpcUrl.read(text, { secret: true })
  return text
}

/** Like {@link rpcUrls}, but requires a URL. @throws InputError */
export function assertUrls(
  urls: readonly string[] | undefined,
): readonly string[] {
  if (urls !== undefined) return urls
  throw new InputError('No RPC endpoint was given.', {
    details: 'Pass --rpc-url, or set RPC_URL or ETH_RPC_URL.',
  })
}
