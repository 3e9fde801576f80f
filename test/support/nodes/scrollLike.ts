import { decodeFunctionData, encodeFunctionResult, parseAbi, size } from 'viem'
import { readSent } from './readRaw.js'
import { answer, refuse, serveNode, type Upstream } from './serveNode.js'

const abi = parseAbi(['function getL1Fee(bytes data) view returns (uint256)'])

export const oracles = {
  scroll: '0x5300000000000000000000000000000000000002',
  morph: '0x530000000000000000000000000000000000000f',
}

/**
 * A rollup of Scroll's or Morph's kind: each byte of a transaction is paid for beside gas,
 * one that is zero less, and a predeploy says what given bytes cost.
 */
export async function scrollLike(
  upstream: Upstream,
  options: { feePerByte?: bigint; stack?: keyof typeof oracles } = {},
) {
  const { feePerByte = 10n ** 12n, stack = 'scroll' } = options
  const standIn = await serveNode(upstream, async (call, chain) => {
    const [first] = call.params as [{ to?: string; data?: string } | string]
    const { to, data, input } = Object(first)
    if (call.method === 'eth_call' && to === oracles[stack]) {
      const { functionName, args } = decodeFunctionData({
        abi,
        data: input ?? data,
      })
      const result = feeOf(args[0], feePerByte)
      return answer(encodeFunctionResult({ abi, functionName, result }))
    }
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    const balance = BigInt(
      String(await chain.get('eth_getBalance', [sent.from, 'latest'])),
    )
    const [raw] = call.params as [`0x${string}`]
    const cost = sent.value + sent.gas * sent.maxFee + feeOf(raw, feePerByte)
    return balance < cost
      ? refuse('insufficient funds for l1fee + gas * price + value')
      : undefined
  })
  return standIn
}

function feeOf(bytes: `0x${string}`, feePerByte: bigint): bigint {
  const zeros = bytes
    .slice(2)
    .match(/.{2}/g)
    ?.filter((one) => one === '00')
  const { length = 0 } = zeros ?? []
  return (BigInt(size(bytes) - length) + BigInt(length) / 4n) * feePerByte
}
