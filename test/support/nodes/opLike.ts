import { parseEther, toFunctionSelector } from 'viem'
import { readSent } from './readRaw.js'
import { answer, refuse, serveNode, toHex, type Upstream } from './serveNode.js'

export const gasPriceOracle = '0x420000000000000000000000000000000000000f'
const upperBound = toFunctionSelector('getL1FeeUpperBound(uint256)')

/**
 * A rollup of the OP stack: beside gas, a transaction pays for its data, and the
 * account must hold that too. The predeploy says how much at most.
 */
export async function opLike(
  upstream: Upstream,
  options: { dataFee?: bigint } = {},
) {
  const node = { dataFee: options.dataFee ?? parseEther('0.0005') }
  const standIn = await serveNode(upstream, async (call, chain) => {
    const [first] = call.params as [{ to?: string; data?: string } | string]
    if (call.method === 'eth_getCode' && isOracle(first)) return answer('0xfe')
    if (call.method === 'eth_call' && isOracle(Object(first).to)) {
      const { data, input } = Object(first)
      return String(input ?? data).startsWith(upperBound)
        ? answer(`0x${node.dataFee.toString(16).padStart(64, '0')}`)
        : { error: { code: 3, message: 'execution reverted', data: '0x' } }
    }
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    const balance = BigInt(
      String(await chain.get('eth_getBalance', [sent.from, 'latest'])),
    )
    const cost = sent.value + sent.gas * sent.maxFee + node.dataFee
    return balance < cost
      ? refuse(
          `insufficient funds for gas * price + value + l1 cost: balance ${balance}, tx cost ${cost}, overshot ${cost - balance}`,
        )
      : undefined
  })
  return Object.assign(standIn, {
    /** What data costs from now on, in wei. */
    setDataFee(wei: bigint) {
      node.dataFee = wei
    },
    dataFee: () => toHex(node.dataFee),
  })
}

function isOracle(address: unknown): boolean {
  return String(address).toLowerCase() === gasPriceOracle
}
