import { readRaw } from './readRaw.js'
import {
  answer,
  type Rule,
  refuse,
  serveNode,
  type Upstream,
} from './serveNode.js'

/**
 * A public node beside a private endpoint for sending: it sees a transaction
 * only once that is mined, and it tells if anybody shows it a signed one.
 */
export async function publicNode(upstream: Upstream) {
  const leaks: string[] = []
  const standIn = await serveNode(upstream, createRule(leaks))
  return Object.assign(standIn, {
    /** The methods by which something signed came. */
    leaks,
  })
}

function createRule(leaks: string[]): Rule {
  return async ({ method, params }, chain) => {
    if (method === 'eth_sendRawTransaction' || (await hasRaw(params))) {
      leaks.push(method)
      return refuse('this node must not see what is signed')
    }
    if (method === 'eth_getTransactionByHash') {
      const found = await chain.get(method, params)
      return answer(Object(found).blockNumber == null ? null : found)
    }
    if (method === 'eth_getTransactionCount' && params[1] === 'pending')
      return chain.ask(method, [params[0], 'latest'])
    return undefined
  }
}

/** Whether a signed transaction stands anywhere in the parameters. */
async function hasRaw(value: unknown): Promise<boolean> {
  if (typeof value === 'string')
    return readRaw(value).then(
      () => true,
      () => false,
    )
  if (typeof value !== 'object' || value === null) return false
  const found = await Promise.all(Object.values(value).map(hasRaw))
  return found.includes(true)
}
