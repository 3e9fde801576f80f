import { quote as coreQuote } from '@keyward/core/errors'
import { quote as iamQuote } from '@keyward/iam/quote'
import fc from 'fast-check'
import { expect, test } from 'vitest'

// What people typed is quoted by one rule, in two places: iam imports nothing.

const hex = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const pieces = [
  ...[hex, `0x${hex.toUpperCase()}`, hex.slice(1), `${hex}0`],
  ...[':', '-', ', ', ',0x', '_', ' '].map((separator) =>
    (hex.match(/.{2}/g) ?? []).join(separator),
  ),
  'legal winner thank year wave sausage worth useful legal winner thank yellow',
  '的 一 是 在 不 了 有 和 人 这 中 大',
  ...['\n', '"', '\\', '\u001b[31m', '\u202e', '\u200b', '\u{e0041}', '\ufe0f'],
  ...['arn:aws:iam::123456789012:role/ops', 'alias/treasury', 'ab', '0x'],
]

test('iam quotes as core does', () => {
  const texts = fc.array(
    fc.oneof(
      fc.constantFrom(...pieces),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join('')
      expect(iamQuote(text)).toBe(coreQuote(text))
    }),
    { examples: pieces.map((piece) => [[piece]]) },
  )
})
