import { RevertReason, type Rpc, RpcRefusedError } from '@keyward/sender'
import { quantity } from '../node/quantity.js'
import * as Token from '../node/Token.js'
import type { TokenMove } from './Plan.js'
import { SweepError } from './SweepError.js'

/** `transfer(address,uint256)` of ERC-20. */
const transfer = '0xa9059cbb'

/** The sender's fields for it. */
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
 * Has the node try the transfer of all of a token.
 *
 * @throws SweepError when it reverts, or the contract answers that it did not
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
      `Fix the cause, or leave it behind with --skip ${token.address}.`,
    )
  try {
    const answer = await rpc.request('eth_call', [call, 'latest'])
    if (!isAccepted(answer)) throw refuse('its contract does not return true')
    const gas = await rpc.request('eth_estimateGas', [call])
    const estimate = quantity(gas, 'eth_estimateGas')
    return { ...token, gas: estimate + estimate / 5n }
  } catch (error) {
    if (!(error instanceof RpcRefusedError)) throw error
    const reason = RevertReason.describe(error.data)
    throw refuse(
      reason === undefined
        ? `the node says: ${error.reason}`
        : `it reverts: ${reason}`,
    )
  }
}

/** Old tokens answer nothing, others a word that is not zero. */
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
