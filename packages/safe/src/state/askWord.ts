import type { Hex } from '@keyward/core'
import { type Rpc, RpcRefusedError } from '@keyward/core/rpc'

/**
 * Asks a contract for a number.
 *
 * @returns undefined if it has no such function
 * @throws the RPC client's errors if no node answers, or if one refuses the
 * call for a reason other than the contract's code
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
    if (error instanceof RpcRefusedError && isByCode(error)) return undefined
    throw error
  }
}

/**
 * Whether the contract's own code ended the call. If a node is busy or limits
 * its callers, its refusal says nothing about the contract.
 */
const isByCode = ({ hasRevertCode, data, reason }: RpcRefusedError) =>
  hasRevertCode ||
  data !== undefined ||
  /revert|VM execution|invalid (opcode|jump)|out of gas|stack (und|ov)er/i.test(
    reason,
  )
