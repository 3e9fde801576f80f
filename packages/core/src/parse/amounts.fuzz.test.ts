import { parseEther as ethersParse } from 'ethers'
import fc from 'fast-check'
import { parseEther as viemParse } from 'viem'
import { expect, test } from 'vitest'
import { soak } from '../../../../test/support/tools.js'
import * as EtherAmount from './EtherAmount.js'
import * as Problems from './Problems.js'
import * as Quantity from './Quantity.js'

const uint256 = fc.bigInt({ min: 0n, max: Quantity.maxUint256 })

/** Digits of ether, valid for every parser here. */
const amount = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 10n ** 58n }),
    fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 18 }),
  )
  .map(([whole, fraction]) =>
    fraction.length === 0 ? `${whole}` : `${whole}.${fraction.join('')}`,
  )

test('ether strings mean the same as in ethers and viem', () => {
  fc.assert(
    fc.property(amount, (text) => {
      expect(EtherAmount.toWei(text)).toBe(viemParse(text))
      expect(EtherAmount.toWei(text)).toBe(ethersParse(text))
    }),
    { numRuns: soak ? 2000 : 200 },
  )
})

test('wei survive the conversion to ether and back', () => {
  fc.assert(
    fc.property(uint256, (wei) => {
      expect(EtherAmount.toWei(EtherAmount.fromWei(wei))).toBe(wei)
    }),
    { numRuns: soak ? 2000 : 200 },
  )
})

test('numbers with 15 digits mean the decimal they were written as', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999_999_999_999 }),
      fc.integer({ min: -18, max: 20 }),
      (digits, exponent) => {
        const wei =
          exponent >= 0
            ? BigInt(digits) * 10n ** BigInt(exponent + 18)
            : BigInt(digits) * 10n ** BigInt(18 + exponent)
        const number = JSON.parse(`${digits}e${exponent}`) as number
        expect(EtherAmount.toWei(number)).toBe(wei)
      },
    ),
    { numRuns: soak ? 5000 : 500 },
  )
})

test('numbers with more digits are refused, never rounded', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, noNaN: true }), (number) => {
      const digits = number
        .toExponential()
        .replace(/e.*/, '')
        .replace('.', '')
        .replace(/0+$/, '')
      const wei = EtherAmount.toWei(number)
      if (digits.length > 15) expect(wei).toBeUndefined()
      else if (wei !== undefined)
        expect(Number(EtherAmount.fromWei(wei))).toBe(number)
    }),
    { numRuns: soak ? 5000 : 500 },
  )
})

test('any text is either a valid amount for ethers or refused', () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[-+0-9.eE ]{0,24}$/))
  fc.assert(
    fc.property(texts, (text) => {
      const wei = EtherAmount.toWei(text)
      if (wei !== undefined) expect(ethersParse(text)).toBe(wei)
    }),
    { numRuns: soak ? 5000 : 500 },
  )
})

test('quantities in every notation mean the same', () => {
  fc.assert(
    fc.property(uint256, (value) => {
      expect(Quantity.read(value.toString())).toBe(value)
      expect(Quantity.read(`0x${value.toString(16)}`)).toBe(value)
      expect(Quantity.read(`0x${value.toString(16).toUpperCase()}`)).toBe(value)
      const number = Number(value)
      if (Number.isSafeInteger(number))
        expect(Quantity.read(number)).toBe(value)
    }),
    { numRuns: soak ? 2000 : 200 },
  )
})

test('any JSON value gives an integer in range or one problem', () => {
  const parse = Quantity.between(5n, 2n ** 64n)
  const values = fc.oneof(
    fc.jsonValue(),
    fc.stringMatching(/^[-+0-9xa-fA-F. _]{0,20}$/),
    fc.double(),
    fc.maxSafeInteger(),
  )
  fc.assert(
    fc.property(values, (value) => {
      const problems = Problems.create('test')
      const quantity = parse(value, 'field', problems)
      expect(problems.count()).toBe(quantity === undefined ? 1 : 0)
      if (quantity !== undefined) {
        expect(quantity >= 5n && quantity <= 2n ** 64n).toBe(true)
        expect(BigInt(value as string | number)).toBe(quantity)
      }
    }),
    { numRuns: soak ? 5000 : 500 },
  )
})
