import { refuse, serveNode, type Upstream } from './serveNode.js'

/** A provider whose limit is told in words, in an answer with HTTP 200. */
export async function rateLimited(
  upstream: Upstream,
  options: { every?: number; says?: string; code?: number } = {},
) {
  const { every = 3, says = 'limit exceeded', code = -32005 } = options
  let calls = 0
  return serveNode(upstream, () =>
    ++calls % every === 0 ? refuse(says, code) : undefined,
  )
}
