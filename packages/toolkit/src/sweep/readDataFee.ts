import { NetworkData } from '@keyward/core'
import type { Rpc } from '@keyward/sender'
import * as Token from '../node/Token.js'

/** Function selectors; the second is the OP stack's since Isthmus. */
const getL1Fee = '0x49948e0e'
const getOperatorFee = '0x275aedd2'

/** More than an unsigned transfer has; bytes that no compression shortens. */
const sample = Array.from({ length: 160 }, (_, index) =>
  ((index * 151 + 89) % 255 || 1).toString(16).padStart(2, '0'),
).join('')

const word = (value: bigint) => value.toString(16).padStart(64, '0')

/**
 * Wei that a rollup takes for a transfer's data, as far as it tells; 0 where
 * there is no such fee.
 */
export async function readDataFee(rpc: Rpc, gas: bigint): Promise<bigint> {
  const bytes = word(32n) + word(BigInt(sample.length / 2)) + sample
  const calls = [
    ...Object.values(NetworkData.feeOracles).map(
      (oracle) => [oracle, getL1Fee + bytes] as const,
    ),
    [NetworkData.feeOracles['op-stack'], getOperatorFee + word(gas)] as const,
  ]
  const fees = await Promise.all(
    calls.map(([to, data]) => Token.readNumber(rpc, to, data)),
  )
  return fees.reduce<bigint>((sum, fee) => sum + (fee ?? 0n), 0n)
}
