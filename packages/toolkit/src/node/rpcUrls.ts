import { InputError } from '@keyward/core/errors'
import { RpcUrl } from '@keyward/core/rpc'
import type { Io } from '../Io.js'

/**
 * The JSON-RPC endpoints to ask, in order of preference: those given by flag,
 * else RPC_URL, else ETH_RPC_URL (Foundry's name, which `keyward env` sets).
 *
 * @returns Undefined when none is set.
 * @throws RpcConfigurationError, for plain http to another machine too
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
 * One or several URLs, separated by commas; undefined when there is none.
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
 * One endpoint, as it was given. Any path may be a provider's key, so that
 * nothing goes in clear to another machine.
 *
 * @throws RpcConfigurationError, which shows scheme and host only
 */
export function parseRpcUrl(text: string): string {
  RpcUrl.read(text, { secret: true })
  return text
}

/** The same, where nothing goes without. @throws InputError */
export function assertUrls(
  urls: readonly string[] | undefined,
): readonly string[] {
  if (urls !== undefined) return urls
  throw new InputError('No RPC endpoint was given.', {
    details: 'Give --rpc-url, or set RPC_URL or ETH_RPC_URL.',
  })
}
