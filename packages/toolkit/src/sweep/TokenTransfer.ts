import { RevertReason, type Rpc, RpcRefusedError } from '@keyward/sender'
import { quantity } from '../node/quantity.js'
import * as Token from '../node/Token.js'
import type { TokenMove } from './Plan.js'
import { SweepError } from './SweepError.js'

/** ERC-20's `transfer(address,uint256)`. */
const transfer = '0xa9059cbb'

/** The transfer's fields for the sender. */
export function toFields(
  { address, amount }: Pick<TokenMove, 'address' | 'amount'>,
  to: string,
): Record<string, unknown> {
  return {
    dst_address: address,
    value_wei: '0',
    data: encode(to, amount),
  }
}

/**
 * Simulates the transfer of a whole token balance on the node.
 *
 * @throws SweepError if the transfer reverts, or if the contract reports a
 * failure
 */
export async function plan(
  rpc: Rpc,
  token: Token.Token & { amount: bigint },
  { from, to }: { from: string; to: string },
): Promise<TokenMove> {
  const call = { from, to: token.address, data: encode(to, token.amount) }
  const refuse = (reason: string) =>
    new SweepError(
      `${Token.format(token)} (${token.address}) can't be moved: ${reason}.`,
      `Fix the cause, or leave the token behind with --skip ${token.address}.`,
    )
  try {
    const answer = await rpc.request('eth_call', [call, 'latest'])
    if (!isAccepted(answer))
      throw refuse("the contract's transfer function does not return true")
    const gas = await rpc.request('eth_estimateGas', [call])
    const estimate = quantity(gas, 'eth_estimateGas')
    return { ...token, gas: estimate + estimate / 5n }
  } catch (error) {
    if (!(error instanceof RpcRefusedError)) throw error
    const reason = RevertReason.describe(error.data)
    throw refuse(
      reason === undefined
        ? `the node says: ${error.reason}`
        : `the transfer reverts with ${reason}`,
    )
  }
}

/** Old tokens return nothing; others return a non-zero word. */
function isAccepted(answer: unknown): boolean {
  return (
    typeof answer === 'string' &&
    (answer === '0x' ||
      (/^0x[0-9a-f]{64}$/i.test(answer) && BigInt(answer) !== 0n))
  )
}

function encode(to: string, amount: bigint): string {
  const word = (hex: string) => hex.toLowerCase().padStart(64, '0')
  return transfer + word(to.slice(2)) + word(amount.toString(16))
}
