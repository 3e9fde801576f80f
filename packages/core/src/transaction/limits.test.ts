import { expect, test } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import * as SigningKey from '../SigningKey.js'
import * as Transaction from '../Transaction.js'

const to = `0x${'77'.repeat(20)}` as const
const mainnet = 1
/** Its limits are not known. */
const other = 424_242
const base = {
  ...{ chainId: other, nonce: 0n, value: 0n, data: '0x', to },
  ...{ type: 'legacy', gas: 21_000n, gasPrice: 1n },
} satisfies Transaction.Unsigned

async function sign(change: object) {
  const memory = createMemoryKey()
  const key = await SigningKey.connect({
    service: memory.service,
    keyId: 'alias/a',
  })
  try {
    return await Transaction.sign(key, {
      ...base,
      ...change,
    } as Transaction.Unsigned)
  } catch (error) {
    expect(memory.calls).toEqual(['getPublicKey'])
    return (error as { shortMessage: string }).shortMessage
  }
}

const max = 2n ** 256n - 1n
const tooMuch =
  'Not a valid transaction: gas x price + value is above 2^256-1, which no account can pay.'
const fees = {
  gasPrice: undefined,
  ...{ maxPriorityFeePerGas: 0n, accessList: [] },
}

test.each([
  [{ gas: 2n ** 64n - 1n, gasPrice: 2n ** 191n }, undefined],
  [{ gas: 2n ** 64n }, 'Not a valid transaction: gas is above 2^64-1.'],
  [{ gas: 1n, gasPrice: max - 1n, value: 1n }, undefined],
  [{ gas: 1n, gasPrice: max, value: 1n }, tooMuch],
  [{ gas: 2n, gasPrice: 2n ** 255n }, tooMuch],
  [{ type: 'eip1559', ...fees, gas: 1n, maxFeePerGas: max }, undefined],
  [{ type: 'eip1559', ...fees, gas: 2n, maxFeePerGas: max }, tooMuch],
])('%o', async (change, refusal) => {
  const signed = await sign(change)
  if (refusal !== undefined) return expect(signed).toBe(refusal)
  const { raw, transaction } = signed as Transaction.sign.ReturnType
  expect((await Transaction.decode(raw)).transaction).toEqual(transaction)
})

test("another type's field would be shown but not signed", async () => {
  expect(await sign({ maxFeePerGas: 1n })).toBe(
    'Not a valid transaction: maxFeePerGas is not a field of type legacy.',
  )
})

test('such a field is not read either', async () => {
  // Of the same fields; gas is 2^64, in nine bytes, and nobody signed it.
  const raw = `0x${'02e08080800089010000000000000000'}94${to.slice(2)}808080c0`
  expect(() => Transaction.decodeUnsigned(raw as '0x')).toThrow(
    /^Not a valid transaction: /,
  )
  const legacy = [
    ...['80', '01', '89010000000000000000', `94${to.slice(2)}`, '80', '80'],
    ...['82cafe', '80', '80'],
  ].join('')
  const length = (0xc0 + legacy.length / 2).toString(16)
  expect(() => Transaction.decodeUnsigned(`0x${length}${legacy}`)).toThrow(
    'gas is above 2^64-1',
  )
})

const code = (bytes: number) => ({
  to: undefined,
  data: `0x${'00'.repeat(bytes)}`,
  gas: 2n ** 24n,
})

test.each([
  [{ gas: 2n ** 24n }, undefined],
  [
    { gas: 2n ** 24n + 1n },
    'gas is above 16777216, the maximum for a transaction on chain 1',
  ],
  [code(49_152), undefined],
  [
    code(49_153),
    'its init code has 49153 bytes, but the maximum on chain 1 is 49152 (EIP-3860)',
  ],
  // A call may carry more.
  [{ ...code(49_153), to }, undefined],
  [{ data: '0x00', gas: 21_010n }, undefined],
  [
    { data: '0x00', gas: 21_009n },
    'gas is below 21010, the minimum for this much data on chain 1 (EIP-7623)',
  ],
  [{ data: '0x00ff01', gas: 21_090n }, undefined],
  [
    { data: '0x00ff01', gas: 21_089n },
    'gas is below 21090, the minimum for this much data on chain 1 (EIP-7623)',
  ],
])('on a known network %#', async (change, reason) => {
  const onMainnet = await sign({ ...change, chainId: mainnet })
  if (reason === undefined) expect(onMainnet).toHaveProperty('raw')
  else expect(onMainnet).toBe(`Not a valid transaction: ${reason}.`)
  // Where the table says nothing, nothing is refused.
  const signed = await sign(change)
  expect(signed).toHaveProperty('raw')
  // What was mined under other rules is still read.
  const { transaction } = signed as Transaction.sign.ReturnType
  const there = { ...transaction, chainId: mainnet }
  const raw = Transaction.serialize(there)
  expect(Transaction.decodeUnsigned(raw)).toEqual(there)
})
