import { expect, test } from 'vitest'
import { fitColumns } from './fitColumns.js'

const rows = [
  ['address', '0x2e2285d5C635dDec4251945c9Fe6AA8c56DBF9aB  (asked of KMS)'],
  ['alias', undefined],
  ['pin', '\u001b[31mnone\u001b[39m'],
] as const

test('breaks a value between words, under where it began', () => {
  expect(fitColumns(rows, 52)).toBe(
    [
      'address  0x2e2285d5C635dDec4251945c9Fe6AA8c56DBF9aB',
      '         (asked of KMS)',
      'pin      \u001b[31mnone\u001b[39m',
    ].join('\n'),
  )
})

test('leaves what fits, and all of it in a pipe', () => {
  const whole = [
    'address  0x2e2285d5C635dDec4251945c9Fe6AA8c56DBF9aB  (asked of KMS)',
    'pin      \u001b[31mnone\u001b[39m',
  ].join('\n')
  expect(fitColumns(rows, 80)).toBe(whole)
  expect(fitColumns(rows, undefined)).toBe(whole)
})
