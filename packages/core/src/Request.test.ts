import { describe, expect, test } from 'vitest'
import * as Digest from './digest/index.js'
import * as Request from './Request.js'

const message = (message: unknown) =>
  ({ kind: 'message', message }) as Request.SigningRequest
/** An object in an object, so many times. */
const nest = (times: number): unknown =>
  times === 0 ? 'end' : { in: nest(times - 1) }

const refused = (
  problem: string,
) => `The signing request was refused: 1 problem.
- ${problem}
See docs/errors/invalid-request.md`

describe('a copy', () => {
  test('is deep and frozen, also in lists, with bytes as hex', () => {
    const raw = new Uint8Array([1, 2])
    const given = { raw, list: [{ raw }, 1n, null], none: undefined }
    const copy = Request.copy(message(given))
    expect(copy).toEqual(
      message({
        raw: '0x0102',
        list: [{ raw: '0x0102' }, 1n, null],
        none: undefined,
      }),
    )
    raw[0] = 9
    given.list.push(2n)
    expect(copy).toMatchObject({ message: { raw: '0x0102' } })
    const inner = (copy as unknown as { message: { list: unknown[] } }).message
    for (const part of [copy, inner, inner.list, inner.list[0]])
      expect(Object.isFrozen(part)).toBe(true)
    expect(inner.list).toHaveLength(3)
  })

  test('has only the kind and its field', () => {
    const given = { ...message('hello'), transaction: {}, more: 1 }
    expect(Request.copy(given as Request.SigningRequest)).toEqual(
      message('hello'),
    )
  })

  test('of a digest is the same object', () => {
    const made = Digest.from(new Uint8Array(32).fill(7))
    expect(Request.copy(made)).toBe(made)
  })

  test('supports 100 levels of depth, but no more', () => {
    expect(Request.copy(message(nest(101)))).toEqual(message(nest(101)))
    for (const deep of [nest(102), [nest(101)]])
      expect(() => Request.copy(message(deep))).toThrow(
        refused('the signing request is nested too deeply'),
      )
  })
})

test.each([
  [
    { kind: 'letter', letter: 'x' },
    'kind: got "letter"; allowed: transaction, message, typedData or authorization',
  ],
  [
    { kind: 'digest', digest: '0x00' },
    'kind: is "digest", so the request must come from Digest.from (@keyward/core/digest)',
  ],
  [{ kind: 'transaction', message: 'x' }, 'transaction: is missing'],
  [{ kind: 'typedData', typedData: null }, 'typedData: is missing'],
])('%j is refused', (given, problem) => {
  expect(() => Request.copy(given as Request.SigningRequest)).toThrow(
    refused(problem),
  )
})
