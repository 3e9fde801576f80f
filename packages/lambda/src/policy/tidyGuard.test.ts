import { expect, test } from 'vitest'
import type { Context } from '../runtime/Context.js'
import type { Log } from '../runtime/log.js'
import type { Gate } from './createGate.js'
import { tidyGuard } from './tidyGuard.js'

/** The log lines, and the number of counted faults. */
async function tidy(gate: Partial<Gate>) {
  const said: string[] = []
  let faults = 0
  const log = {
    error: (text: string) => said.push(text),
    metric: () => faults++,
  } as unknown as Log
  const invokedFunctionArn = 'arn:aws:lambda:x:1:function:reconciler'
  const context = { invokedFunctionArn } as unknown as Context
  await tidyGuard(gate as Gate, log, { deadline: 0, context })
  return { said, faults }
}

const recover = async () => ({
  damaged: ['An item is damaged.'],
  halt: undefined,
})

test("a failed recount doesn't prevent tidying up", async () => {
  const recount = async () => {
    throw new Error('no answer')
  }
  expect(await tidy({ recount, recover })).toEqual({
    said: ["the guard's table was not tidied up", 'An item is damaged.'],
    faults: 1,
  })
})

test('reports nothing if nothing is wrong', async () => {
  const clean = async () => ({ damaged: [], halt: undefined })
  const found = await tidy({ recount: async () => [], recover: clean })
  expect(found).toEqual({ said: [], faults: 0 })
})
