import {
  decodeFunctionData,
  encodeFunctionResult,
  type Hex,
  parseAbi,
  parseEther,
} from 'viem'
import { readSent } from './readRaw.js'
import { answer, refuse, serveNode, toHex, type Upstream } from './serveNode.js'

export const gasPriceOracle = '0x420000000000000000000000000000000000000f'
const abi = parseAbi([
  'function getL1FeeUpperBound(uint256 unsignedTxSize) view returns (uint256)',
  'function getOperatorFee(uint256 gasUsed) view returns (uint256)',
])

/** What the operator takes for gas, since Isthmus. */
type Operator = {
  /** Wei for each million of gas. */
  scalar: bigint
  /** Wei for each transaction. */
  constant: bigint
}

/**
 * A rollup of the OP stack: beside gas, a transaction pays for its data and, on
 * some, the operator; the account must hold that too. The predeploy says how
 * much at most; before Isthmus it knows of no operator.
 */
export async function opLike(
  upstream: Upstream,
  options: { dataFee?: bigint; operator?: Operator } = {},
) {
  const { operator } = options
  const node = { dataFee: options.dataFee ?? parseEther('0.0005') }
  const operatorFee = (gas: bigint) =>
    operator === undefined
      ? 0n
      : (gas * operator.scalar) / 1_000_000n + operator.constant
  /** What the predeploy answers; undefined where it reverts. */
  const ofOracle = (data: Hex): Hex | undefined => {
    const { functionName, args } = decodeFunctionData({ abi, data })
    if (functionName === 'getL1FeeUpperBound')
      return encodeFunctionResult({ abi, functionName, result: node.dataFee })
    const result = operatorFee(args[0])
    return operator && encodeFunctionResult({ abi, functionName, result })
  }
  const standIn = await serveNode(upstream, async (call, chain) => {
    const [first] = call.params as [{ to?: string; data?: string } | string]
    if (call.method === 'eth_getCode' && isOracle(first)) return answer('0xfe')
    if (call.method === 'eth_call' && isOracle(Object(first).to)) {
      const { data, input } = Object(first)
      const result = ofOracle(input ?? data)
      return result === undefined
        ? { error: { code: 3, message: 'execution reverted', data: '0x' } }
        : answer(result)
    }
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    const balance = BigInt(
      String(await chain.get('eth_getBalance', [sent.from, 'latest'])),
    )
    const beside = node.dataFee + operatorFee(sent.gas)
    const cost = sent.value + sent.gas * sent.maxFee + beside
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
