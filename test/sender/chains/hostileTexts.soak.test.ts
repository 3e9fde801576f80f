import { afterAll, beforeAll, test } from 'vitest'
import { hearTexts } from '../../support/hearTexts.js'
import { openChain } from '../../support/openChain.js'

let chain: Awaited<ReturnType<typeof openChain>>
beforeAll(async () => {
  chain = await openChain()
})
afterAll(() => chain.close())

test.each([
  ['transaction is temporarily banned'],
  ['already known'],
  ['replacement transaction underpriced'],
  ['transaction underpriced'],
  [
    'transaction is temporarily banned',
    'already known',
    'nonce too low',
    'replacement transaction underpriced',
    'nonce too high',
    'transaction underpriced: tip needed 2000000000, tip permitted 1',
    'txpool is full',
    'transaction already finalized',
    'a text that nobody knows',
  ],
])('%s, and so on', (...texts) => hearTexts(chain, texts))
