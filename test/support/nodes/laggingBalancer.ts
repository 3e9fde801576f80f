import { createLag } from './laggingPair.js'
import { serveNode, type Upstream } from './serveNode.js'

/** One URL, two nodes behind it: each second call is answered from some blocks ago. */
export async function laggingBalancer(
  upstream: Upstream,
  options: { blocks?: number } = {},
) {
  const state = { blocks: options.blocks ?? 3 }
  const lag = createLag(state)
  let calls = 0
  const standIn = await serveNode(upstream, (call, chain) =>
    calls++ % 2 === 0 ? undefined : lag(call, chain),
  )
  return Object.assign(standIn, {
    setLag(blocks: number) {
      state.blocks = blocks
    },
  })
}
