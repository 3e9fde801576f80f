import { expect, test } from 'vitest'
import { readAbi } from './readAbi.js'

const input = (name: string) => ({ name, type: 'address' })

test.each([
  ['of a function', [input('to'), { name: 'to', type: 'uint256' }]],
  [
    'of a tuple',
    [{ type: 'tuple[]', components: [input('a'), input('to'), input('to')] }],
  ],
])('two inputs of the same name %s are refused', (_, inputs) => {
  expect(() => readAbi([{ name: 'pay', inputs }], 'Pay.json')).toThrow(
    expect.objectContaining({
      shortMessage: 'Pay.json is not a valid ABI.',
      details: 'The inputs of the function "pay" contain the name "to" twice.',
    }),
  )
})

test('inputs without names are read', () => {
  const inputs = [
    input(''),
    input(''),
    { type: 'tuple', components: [input('')] },
  ]
  expect(readAbi([{ name: 'pay', inputs }], 'Pay.json')).toEqual([
    'pay(address,address,(address))',
  ])
})
