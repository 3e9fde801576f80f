import { readSent } from './readRaw.js'
import { answer, type Rule, serveNode, type Upstream } from './serveNode.js'

/** Says that it took a transaction, and passes nothing on until it is let. */
export async function withholder(upstream: Upstream) {
  const kept = createKeeper()
  const standIn = await serveNode(upstream, kept.rule)
  return Object.assign(standIn, {
    kept: () => [...kept.raws.keys()],
    /** Sends all that was kept back. */
    release: () => kept.release(standIn),
  })
}

/** Keeps what it should send, and knows it by its hash. */
export function createKeeper() {
  const raws = new Map<string, string>()
  const rule: Rule = async (call) => {
    const sent = await readSent(call)
    if (sent === undefined) return undefined
    raws.set(sent.hash, sent.raw)
    return answer(sent.hash)
  }
  return {
    raws,
    rule,
    async release({ chain }: { chain: Parameters<Rule>[1] }) {
      for (const raw of raws.values())
        await chain.ask('eth_sendRawTransaction', [raw])
      raws.clear()
    },
  }
}
