import { parseGwei } from 'viem'
import { readSent } from './readRaw.js'
import { answer, refuse, serveNode, toHex, type Upstream } from './serveNode.js'

const least = parseGwei('125')

/**
 * Moonbeam: a price that is too low is told as a balance that is too low.
 * `eth_gasPrice` knows the price.
 */
export const moonbeamLike = (upstream: Upstream) =>
  serveNode(upstream, async (call) => {
    if (call.method === 'eth_gasPrice') return answer(toHex(least))
    const sent = await readSent(call)
    return sent !== undefined && sent.maxFee < least
      ? refuse('insufficient funds for gas * price + value', -32603)
      : undefined
  })
