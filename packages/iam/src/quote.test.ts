import { expect, test } from 'vitest'
import { quote } from './quote.js'

const key = 'ab'.repeat(32)

test.each([
  ['alias/x', '"alias/x"'],
  [key, '"<64 hex digits>"'],
  [`0x${key}`, '"<64 hex digits>"'],
  [`${'test '.repeat(11)}junk`, '"<12 words>"'],
  ['x'.repeat(90), `"${'x'.repeat(80)}…"`],
  [undefined, '"undefined"'],
  ['a\n"b', '"a\\n\\"b"'],
])('%j is quoted as %s', (value, quoted) => {
  expect(quote(value)).toBe(quoted)
})
