import fc from 'fast-check'
import { expect, test } from 'vitest'
import { order } from '../../../test/support/curve.js'
import { soak } from '../../../test/support/tools.js'
import { invertScalar } from './invertScalar.js'

function expectInverse(scalar: bigint) {
  const inverse = invertScalar(scalar)
  expect((inverse * scalar) % order).toBe(1n)
  expect(inverse > 0n && inverse < order).toBe(true)
}

test('scalars of every length, and neighbours of powers of two', () => {
  for (let bits = 0n; bits < 256n; bits++)
    for (const off of [-1n, 0n, 1n]) {
      const scalar = (1n << bits) + off
      if (scalar <= 0n) continue
      expectInverse(scalar % order)
      expectInverse(order - (scalar % order))
      expectInverse(order / (scalar + 1n) + 1n)
    }
})

test('any scalar', () => {
  const scalar = fc.bigInt({ min: 1n, max: order - 1n })
  fc.assert(fc.property(scalar, expectInverse), { numRuns: soak ? 3000 : 300 })
})
