import { test } from 'vitest'
import { hearTexts } from '../../support/hearTexts.js'
import { openChain } from '../../support/openChain.js'

test('whatever a node says, and for however long, signatures come to an end', async () => {
  const chain = await openChain()
  await hearTexts(chain, ['transaction is temporarily banned'])
  await chain.close()
})
