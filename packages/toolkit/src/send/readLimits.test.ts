import { expect, test } from 'vitest'
import { readLimits } from './readLimits.js'

test("limits match the functions', and unset ones are missing", () => {
  expect(readLimits({ env: { FINAL_ENDPOINTS: '' } })).toEqual({})
  const env = {
    FINAL_ENDPOINTS: '1',
    MAX_FEE_GWEI: '150',
    MIN_TIP_GWEI: '0.05',
  }
  expect(readLimits({ env })).toEqual({
    finalEndpoints: 1,
    maxFeePerGas: 150_000_000_000n,
    minTip: 50_000_000n,
  })
})

test.each([
  ['FINAL_ENDPOINTS', '3'],
  ['FINAL_ENDPOINTS', ' 1'],
  ['MAX_FEE_GWEI', '0'],
  ['MAX_FEE_GWEI', '1e3'],
  ['MIN_TIP_GWEI', '-1'],
  ['MIN_TIP_GWEI', '1.0000000001'],
])('%s=%s is refused by its name', (name, value) => {
  expect(() => readLimits({ env: { [name]: value } })).toThrow(
    `${name} ${JSON.stringify(value)} is not allowed.`,
  )
})
