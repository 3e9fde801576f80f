import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as Quote from './Quote.js'

/** Of each kind that a terminal, a log viewer or a browser acts on. */
const dangerous = [
  ...['\0', '\u0007', '\u0008', '\n', '\r', '\u001b', '\u007f'],
  ...['\u0080', '\u0085', '\u009b', '\u009d', '\u009f', '\u00ad', '\u061c'],
  ...['\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2028', '\u2029'],
  ...['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2060', '\u2064'],
  ...['\u2066', '\u2067', '\u2068', '\u2069', '\u206f', '\ufeff', '\ufff9'],
  ...['\ud800', '\udfff', '\u{e0001}', '\u{e0041}'],
]
const shown = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...dangerous),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((parts) => parts.join(''))

test('no text lets an invisible character through', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 400 }), (came, maxLength) => {
      const line = Quote.line(came, maxLength)
      expect(line).toMatch(shown)
      expect(line.length).toBeLessThanOrEqual(maxLength)
      expect(Quote.value(came)).toMatch(shown)
      expect(Quote.name(came)).toMatch(shown)
    }),
    { numRuns: soak ? 1000 : 100 },
  )
})

test('visible characters stay as they are', () => {
  const visible = fc
    .string({ unit: 'grapheme-ascii', maxLength: 300 })
    .map((came) => came.replaceAll('\\', '/'))
  fc.assert(
    fc.property(visible, (came) => {
      expect(Quote.line(came, 300)).toBe(came)
    }),
  )
  expect(Quote.line('Größe 1 € 😀', 300)).toBe('Größe 1 € 😀')
  expect(Quote.line('😀😀', 3)).toBe('😀')
})

test('invisible characters are escaped, not lost', () => {
  expect(Quote.line('a\u202eb\u0085c\u{e0041}"\n', 300)).toBe(
    'a\\u202eb\\u0085c\\udb40\\udc41"\\n',
  )
})
