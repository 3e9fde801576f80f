import { expect, test } from 'vitest'
import * as Unseen from './Unseen.js'

const letters = ['a', 'b']
/** All texts of these characters up to a length. */
function texts(characters: readonly string[], length: number): string[] {
  if (length === 0) return ['']
  const shorter = texts(characters, length - 1)
  const longest = shorter.filter((text) => text.length === length - 1)
  return [
    ...shorter,
    ...longest.flatMap((text) => characters.map((c) => text + c)),
  ]
}
const toRegExp = (pattern: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)

test('whether a value may match a pattern agrees with trying all short values', () => {
  // Texts that match two patterns of three characters have at most six letters.
  const values = texts(letters, 6)
  const patterns = texts(['a', 'b', '*', '?'], 3)
  const fitting = new Map(
    patterns.map((pattern) => [
      pattern,
      values.filter((value) => toRegExp(pattern).test(value)),
    ]),
  )
  for (const pattern of patterns) {
    const unseen = { pattern }
    const possible = fitting.get(pattern) ?? []
    for (const asked of patterns.filter((one) => /[*?]/.test(one))) {
      const those = possible.filter((value) => toRegExp(asked).test(value))
      const verdict = Unseen.isLike(unseen, asked)
      if (verdict === 'yes') expect(those).toEqual(possible)
      // Only some patterns are recognized as covering another.
      expect([pattern, asked, verdict === 'no']).toEqual([
        pattern,
        asked,
        those.length === 0,
      ])
    }
    for (const asked of texts(letters, 3)) {
      const isPossible = possible.includes(asked)
      const mayBeWritten = { pattern, mayBeWritten: true }
      expect(Unseen.equals(unseen, asked)).toBe('no')
      expect(Unseen.isLike(unseen, asked)).toBe('no')
      const expected = isPossible ? 'unknown' : 'no'
      expect(Unseen.equals(mayBeWritten, asked)).toBe(expected)
      expect(Unseen.isLike(mayBeWritten, asked)).toBe(expected)
      expect(Unseen.equalsIgnoringCase(unseen, asked.toUpperCase())).toBe(
        expected,
      )
    }
  }
})

test.each([
  ['a*', '*', 'yes'],
  ['a*', 'a*', 'yes'],
  ['ab*', 'a*', 'yes'],
  ['a?', 'a*', 'yes'],
  ['a?b', 'a?b', 'yes'],
  ['a*', 'ab*', 'unknown'],
  ['ab\n*', 'ab*', 'yes'],
  ['b*', 'a*', 'no'],
  ['a*b', '?*', 'unknown'],
  ['aa*', 'a?*', 'unknown'],
  ['a?b', 'a?*', 'yes'],
  ['a*b*', 'a*', 'yes'],
  ['ab', 'a?', 'unknown'],
  ['abb', 'a?', 'no'],
])(
  'for a value like %j, the pattern %j gives: %s',
  (pattern, asked, verdict) => {
    expect(Unseen.isLike({ pattern }, asked)).toBe(verdict)
  },
)

test('a value from an unnamed account never matches a named account', () => {
  const pattern = `arn:aws:iam::${Unseen.anyAccount}:role/*`
  const written = 'arn:aws:iam::111122223333:role/'
  expect(Unseen.isLike({ pattern }, `${written}*`)).toBe('no')
  expect(Unseen.equalsIgnoringCase({ pattern }, `${written}a`)).toBe('no')
  expect(Unseen.isLike({ pattern }, 'arn:aws:iam::11112222333*:role/*')).toBe(
    'unknown',
  )
  // Only its fifth field is the account, even if other fields contain one.
  expect(
    Unseen.isLike({ pattern }, 'arn:aws:iam::*:role/a:111122223333:*'),
  ).toBe('unknown')
  const known = { pattern: 'arn:aws:iam::111122223333:role/*' }
  expect(Unseen.isLike(known, `${written}*`)).toBe('yes')
  expect(Unseen.equalsIgnoringCase(known, `${written}a`.toUpperCase())).toBe(
    'unknown',
  )
})
