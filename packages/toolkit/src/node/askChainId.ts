import { InputError } from '@keyward/core/errors'
import { RpcUrl } from '@keyward/core/rpc'

const timeoutMs = 10_000

/**
 * Asks an endpoint for its chain id, if no network was given.
 *
 * @throws RpcConfigurationError, InputError; both show only the endpoint's
 * scheme and host
 */
export async function askChainId(url: string): Promise<number> {
  const { label } = RpcUrl.read(url, { secret: true })
  const fail = (reason: string) =>
    new InputError(`${label} did not return its chain id: ${reason}.`, {
      details: 'Set the chain with --network, or use another endpoint.',
    })
  const body = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const { result } = Object(await answer.json()) as { result?: unknown }
    if (typeof result === 'string' && /^0x[0-9a-f]{1,13}$/i.test(result))
      return Number(result)
    throw fail(`it returned HTTP ${answer.status} without a chain id`)
  } catch (error) {
    if (error instanceof InputError) throw error
    throw fail("it can't be reached, or does not answer with JSON")
  }
}
