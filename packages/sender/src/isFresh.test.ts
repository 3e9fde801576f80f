import { expect, test } from 'vitest'
import { openSenderParts } from '../../../test/support/senderParts.js'
import { cacheFor } from './cacheFor.js'
import { createChain } from './chain/createChain.js'
import { createFloor } from './fees/createFloor.js'
import { createWatch } from './nonce/createWatch.js'
import { createTold } from './transaction/createTold.js'

// A clock that is set back by a day: what was kept for seconds must not be kept
// for that day.

async function openClock() {
  const parts = await openSenderParts()
  let back = 0
  const runtime = { ...parts.runtime, now: () => parts.runtime.now() - back }
  const setBack = () => {
    back = 86_400_000
    parts.pass(3000)
  }
  return { parts, runtime, setBack }
}

test('a halt is seen', async () => {
  const { parts, runtime, setBack } = await openClock()
  const { ledger, account, node } = parts
  await parts.newSender().send(parts.request('one'))
  const chain = createChain(node.rpc)
  const of = { ledger, chain, account, runtime, confirmations: 1 }
  const watch = createWatch(of)
  const ask = () => watch.assertComplete({ deadline: runtime.now() + 30_000 })
  await ask()
  setBack()
  await ledger.haltHead(account, { reason: 'missing', below: 1n })
  await expect(ask()).rejects.toThrow(
    'is used on the chain but missing from the table',
  )
})

test('balances and fees are requested again', async () => {
  const { runtime, setBack } = await openClock()
  let asked = 0
  const cached = cacheFor(1000, runtime, async () => ++asked)
  expect([await cached(), await cached()]).toEqual([1, 1])
  setBack()
  expect(await cached()).toBe(2)
})

test('a stuck transaction is reported again', async () => {
  const { runtime, setBack } = await openClock()
  const told = createTold(runtime)
  expect([told.isDue('stuck'), told.isDue('stuck')]).toEqual([true, false])
  setBack()
  expect(told.isDue('stuck')).toBe(true)
})

test('a pool refusal does not raise fees forever', async () => {
  const { runtime, setBack } = await openClock()
  const floor = createFloor(runtime)
  floor.refused('underpriced', { maxFeePerGas: 5n })
  expect(floor.isRaised()).toBe(true)
  setBack()
  expect(floor.isRaised()).toBe(false)
})
