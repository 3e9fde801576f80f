import { expect, test } from 'vitest'
import { askEach } from './askEach.js'

const items = Array.from({ length: 100 }, (_, at) => at)

test('asks about each in order, and about few at once', async () => {
  let open = 0
  let most = 0
  const answers = await askEach(items, async (item) => {
    most = Math.max(most, ++open)
    await new Promise(setImmediate)
    open--
    return item * 2
  })
  expect(answers).toEqual(items.map((item) => item * 2))
  expect(most).toBe(16)
})

test('asks nothing more after a failure', async () => {
  let asked = 0
  const failing = askEach(items, async (item) => {
    asked++
    await new Promise(setImmediate)
    if (item === 3) throw new Error('the node is gone')
  })
  await expect(failing).rejects.toThrow('the node is gone')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  expect(asked).toBeLessThan(items.length)
})
