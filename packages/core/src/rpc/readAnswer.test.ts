import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import { RpcRefusedError } from './errors.js'
import { readAnswer } from './readAnswer.js'

function refuse(message: unknown, data?: unknown): RpcRefusedError {
  const error = { code: -32000, message, data }
  try {
    readAnswer({ label: 'https://x', secrets: ['s3cret'] }, 'eth_call', 1, {
      status: 200,
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, error }),
      damage: undefined,
    })
  } catch (thrown) {
    if (thrown instanceof RpcRefusedError) return thrown
    throw thrown
  }
  throw new Error('It was no refusal.')
}

test("a node's text can't move the cursor, wherever it is shown", () => {
  const shown = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (message, data) => {
        const error = refuse(message, data)
        expect(error.reason).toMatch(shown)
        expect(error.reason.length).toBeLessThanOrEqual(300)
        expect(error.shortMessage).toMatch(shown)
      },
    ),
    { numRuns: soak ? 500 : 50 },
  )
  expect(refuse('\u202etoo low\u2028\u009b31m\u007f\u200b').reason).toBe(
    '\\u202etoo low\\u2028\\u009b31m\\u007f\\u200b',
  )
})

test('a reason in data', () => {
  expect(refuse('Invalid parameters: tx', '"tx already exist"').reason).toBe(
    'Invalid parameters: tx: "tx already exist"',
  )
  expect(refuse('VM execution error.', 'Reverted 0x08c379a0').reason).toBe(
    'VM execution error.',
  )
  expect(refuse('', '0x').reason).toBe('no reason given')
  expect(refuse('x', 'key s3cret').reason).toBe('x: key <hidden>')
})

test("an error's name is not a token, however long", () => {
  const name = 'MAX_PRIORITY_FEE_PER_GAS_EXCEEDS_MAX_FEE_PER_GAS'
  expect(refuse(name).reason).toBe(name)
  for (const token of [
    `K3Y_${'A'.repeat(50)}`,
    'A'.repeat(50),
    'aB_'.repeat(20),
  ])
    expect(refuse(token).reason).toBe(`<${token.length} characters>`)
})
