import { NetworkData } from '@keyward/core'
import type { Rpc } from '@keyward/sender'
import * as Token from '../node/Token.js'

/** Function selectors. The OP Stack has had the second one since Isthmus. */
const getL1Fee = '0x49948e0e'
const getOperatorFee = '0x275aedd2'

/** Longer than an unsigned transfer, with bytes that don't compress. */
const sample = Array.from({ length: 160 }, (_, index) =>
  ((index * 151 + 89) % 255 || 1).toString(16).padStart(2, '0'),
).join('')

const word = (value: bigint) => value.toString(16).padStart(64, '0')

/**
 * The fee in wei that a rollup reports for the data of a transfer; 0 if there
 * is no such fee.
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
