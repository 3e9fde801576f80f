import fc from 'fast-check'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as Glob from './Glob.js'
import { NameTwiceError, parseJson } from './parseJson.js'

const piece = fc.constantFrom('a', 'b', ':', '*', '?', '.', '\\', '😀')
const pattern = fc.array(piece, { maxLength: 12 }).map((all) => all.join(''))
const text = fc
  .array(fc.constantFrom('a', 'b', ':', '.', '\\', '😀', '\n'), {
    maxLength: 14,
  })
  .map((all) => all.join(''))

test('patterns match as the equivalent regular expression does', () => {
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const source = Array.from(pattern, (c) =>
        c === '*' ? '.*' : c === '?' ? '.' : c.replace(/[.\\]/g, '\\$&'),
      ).join('')
      expect(Glob.matches(Glob.fromPattern(pattern), text)).toBe(
        new RegExp(`^${source}$`, 'su').test(text),
      )
    }),
    { numRuns: soak ? 2000 : 200 },
  )
})

test("a hostile pattern takes no longer than its length times the text's", () => {
  const glob = Glob.fromPattern('*a'.repeat(2000))
  expect(Glob.matches(glob, `${'a'.repeat(4000)}b`)).toBe(false)
})

test('JSON is read as by JSON.parse, except for duplicate names', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(parseJson(json)).toEqual(JSON.parse(json))
    }),
  )
  fc.assert(
    fc.property(fc.string(), fc.json(), fc.json(), (name, a, b) => {
      const key = JSON.stringify(name)
      expect(() => parseJson(`[{${key}:${a},${key}:${b}}]`)).toThrow(
        NameTwiceError,
      )
    }),
  )
})
