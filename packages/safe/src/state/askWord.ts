import type { Hex } from '@keyward/core'
import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'

/**
 * Asks a contract for a number.
 *
 * @returns undefined where it has no such function
 * @throws what the RPC client throws when no node answers
 */
export async function askWord(
  rpc: Rpc,
  call: { readonly to: Hex; readonly data: Hex },
  block: bigint,
  options: { deadline?: number | undefined } = {},
): Promise<bigint | undefined> {
  const at = `0x${block.toString(16)}`
  try {
    const answer = await rpc.request('eth_call', [call, at], options)
    const isWord =
      typeof answer === 'string' && /^0x[0-9a-f]{64}$/i.test(answer)
    return isWord ? BigInt(answer) : undefined
  } catch (error) {
    if (error instanceof RpcRefusedError) return undefined
    throw error
  }
}
