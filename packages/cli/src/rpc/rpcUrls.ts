import type { Terminal } from '../Terminal.js'

/**
 * The JSON-RPC endpoints to ask, in order of preference: those given by flag,
 * else RPC_URL, else ETH_RPC_URL (Foundry's name, which `keyward env` sets).
 *
 * @returns Undefined when none is set.
 */
export function rpcUrls(
  { env }: Terminal,
  given?: string,
): readonly string[] | undefined {
  const text = [given, env.RPC_URL, env.ETH_RPC_URL].find(
    (each) => each !== undefined && each.trim() !== '',
  )
  return text?.split(/[\s,]+/).filter((url) => url !== '')
}
