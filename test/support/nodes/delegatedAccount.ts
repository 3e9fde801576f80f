import { readSent } from './readRaw.js'
import { answer, refuse, serveNode, type Upstream } from './serveNode.js'

/** EIP-7702: the code of an account that delegates. */
const designator = `0xef0100${'de'.repeat(20)}`

/**
 * geth for accounts that delegate (all that have no code of their own): one
 * transaction in the pool, and no gap before it. A replacement of the same nonce
 * is taken.
 */
export const delegatedAccount = (upstream: Upstream) =>
  serveNode(upstream, async (call, chain) => {
    if (call.method === 'eth_getCode') {
      const code = await chain.get(call.method, call.params)
      return answer(code === '0x' ? designator : code)
    }
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    const count = async (block: string) =>
      Number(await chain.get('eth_getTransactionCount', [sent.from, block]))
    const next = await count('latest')
    if (sent.nonce <= next) return undefined
    return refuse(
      (await count('pending')) > next
        ? 'in-flight transaction limit reached for delegated accounts'
        : 'gapped-nonce tx from delegated accounts',
    )
  })
