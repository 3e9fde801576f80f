import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLambda } from '../../../../test/support/startLambda.js'

let home: Awaited<ReturnType<typeof startLambda>>
beforeAll(async () => {
  home = await startLambda()
})
afterAll(() => home.close())
test('hello', async () => {
  await home.put(
    'hello',
    'export const handler = async (event, context) => { console.log("hi", event); return { event, context, left: context.getRemainingTimeInMillis(), env: process.env } }',
  )
  const a = await home.invoke('hello', { a: 1 }, { LogType: 'Tail' })
  console.log(a)
  const t = performance.now()
  console.log((await home.invoke('hello', { a: 1 }, { LogType: 'Tail' })).log)
  console.log(performance.now() - t)
})
