import { readSent } from './readRaw.js'
import { refuse, serveNode, type Upstream } from './serveNode.js'

/** A pool that takes nothing until it is drained. */
export async function fullPool(
  upstream: Upstream,
  options: { says?: string | (() => string) } = {},
) {
  const { says = 'txpool is full' } = options
  let isFull = true
  const standIn = await serveNode(upstream, async (call) =>
    isFull && (await readSent(call)) !== undefined
      ? refuse(typeof says === 'string' ? says : says())
      : undefined,
  )
  return Object.assign(standIn, {
    setFull(value: boolean) {
      isFull = value
    },
  })
}
