import fc from 'fast-check'
import { order, toBytes } from './curve.js'

/** A private key in hex: also the edges, and those with leading zeros. */
export const anyScalar = fc
  .oneof(
    fc.bigInt({ min: 1n, max: order - 1n }),
    fc.bigInt({ min: 1n, max: 2n ** 240n }),
    fc.constantFrom(1n, 255n, 2n ** 248n - 1n, order - 1n),
  )
  .map((value) => toBytes(value).toString('hex'))

/** A password on one line, ASCII or not. */
export const anyPassword = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  )
  .filter((text) => !/\p{Cc}/u.test(text))
