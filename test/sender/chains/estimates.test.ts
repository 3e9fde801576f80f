import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRpc } from '../../../packages/sender/src/index.js'
import { refuse, serveNode } from '../../support/nodes/serveNode.js'
import { openChain, toRequest } from '../../support/openChain.js'
import { chainId } from '../../support/openSenderHome.js'
import { sampled } from '../../support/sampled.js'

// What a node says of the call itself is a refusal; what it says of itself is
// waited for.

let chain: Awaited<ReturnType<typeof openChain>>
beforeAll(async () => {
  chain = await openChain()
})
afterAll(() => chain.close())

const estimating = async (message: string, code = -32000) => {
  const node = await serveNode(chain.anvil, ({ method }) =>
    method === 'eth_estimateGas' ? refuse(message, code) : undefined,
  )
  const rpc = createRpc({ urls: [node.url], chainId })
  const sent = chain
    .newSender({ rpc })
    .send(toRequest(), { deadline: Date.now() + 3000 })
  const outcome = await sent.then(
    ({ status, problem }) => `${status}: ${problem}`,
    (error: Error) => `${error.name}: ${error.message.split('\n')[0]}`,
  )
  await node.close()
  return outcome
}

test.each([
  ['execution reverted', 3],
  ['VM execution error.', -32015],
  ['always failing transaction', -32000],
  ['gas required exceeds allowance (21000)', -32000],
  ['cannot estimate transaction: out of gas. transaction gas limit: 1', 3],
  ['message execution failed: exit SysErrSenderStateInvalid(2)', 1],
  ['max call depth exceeded', -32000],
  ['insufficient balance for transfer', -32000],
  ['sender is blacklisted', -32000],
])('%s', async (message, code) => {
  expect(await estimating(message, code)).toBe(
    `WouldFailError: The transaction would fail: the node says "${message}".`,
  )
  expect(chain.signs()).toBe(0)
})

const unanswered: [string, number][] = [
  ['node is syncing', -32000],
  ['the method eth_estimateGas does not exist/is not available', -32601],
  ['Your app has exceeded its compute units per second capacity.', 429],
  ['Method not supported', -32004],
]

// It is asked again, after seconds.
test.each(sampled(unanswered, 2))('%s', async (message, code) => {
  expect(await estimating(message, code)).toBe(
    `accepted: The node answered with an error: ${message}`,
  )
  expect(chain.signs()).toBe(0)
})
