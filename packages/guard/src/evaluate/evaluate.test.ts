import { type Transaction, TransactionRequest } from '@keyward/core'
import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { assertCounted, WindowsNotCountedError } from '../gate/assertCounted.js'
import { parse } from '../policy/parse/parsePolicy.js'
import { evaluate } from './evaluate.js'
import type { Facts } from './Question.js'

const usdc = '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48'
const acme = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const thief = `0x${'bd'.repeat(20)}` as const
const account = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
const abi = parseAbi([
  'function transfer(address to,uint256 amount)',
  'function approve(address spender,uint256 amount)',
])

const policy = parse(
  JSON.stringify({
    version: 1,
    tokens: {
      USDC: {
        ...{ chain: 1, address: usdc, kind: 'erc20' },
        ...{ decimals: 6, symbol: 'USDC' },
      },
    },
    groups: { payees: [{ address: acme, name: 'payee ACME' }] },
    windows: {
      daily: { asset: 'USDC', length: 'day', limit: '2000000000' },
    },
    rules: [
      {
        id: 'pay',
        callers: ['payouts'],
        chains: [1],
        call: { to: ['USDC'], functions: ['transfer'] },
        recipients: ['payees'],
        maxPerRequest: { USDC: '1500000000' },
        windows: ['daily'],
      },
    ],
  }),
)

function call(
  functionName: 'transfer' | 'approve',
  to: `0x${string}`,
  amount: bigint,
) {
  const data = encodeFunctionData({ abi, functionName, args: [to, amount] })
  return TransactionRequest.fromJson({
    ...{ type: 'eip1559', chainId: 1, nonce: 0, gas: 60000, to: usdc, data },
    ...{ maxFeePerGas: '30000000000', maxPriorityFeePerGas: '1000000000' },
  })
}

function ask(
  functionName: 'transfer' | 'approve',
  to: `0x${string}`,
  amount: bigint,
  { caller = 'payouts', ...facts }: Partial<Facts> & { caller?: string } = {},
) {
  const transaction = call(functionName, to, amount)
  return evaluate(
    policy,
    { kind: 'transaction', transaction },
    { caller, account },
    { time: Date.UTC(2026, 10, 29), ...facts },
  )
}

describe('a payment of a token', () => {
  test('to a payee is allowed and counted by its window', () => {
    const decision = ask('transfer', acme, 1_250_500_000n)
    expect(decision).toMatchObject({
      decision: 'allow',
      rule: 'pay',
      reasons: [],
      actions: [
        {
          path: '',
          text: 'transfer 1,250.5 USDC to 0x7099...79C8 (payee ACME)',
          rule: 'pay',
        },
      ],
    })
    expect(
      decision.reservations.map(({ window, amount, before }) => [
        window.id,
        amount,
        before,
      ]),
    ).toEqual([['daily', 1_250_500_000n, 0n]])
  })

  test.each([
    [499_999_999n, 'deny'],
    [500_000_000n, 'allow'],
  ])('with %d left in the window: %s', (left, expected) => {
    const spent = [
      { window: 'daily', scope: {}, amount: 2_000_000_000n - left },
    ]
    expect(ask('transfer', acme, 500_000_000n, { spent }).decision).toBe(
      expected,
    )
  })

  test.each([
    ['to a stranger', ask('transfer', thief, 1n), 'recipients'],
    ['as an approval', ask('approve', thief, 1n), 'call.functions'],
    ['by another', ask('transfer', acme, 1n, { caller: 'x' }), 'callers'],
    ['too large', ask('transfer', acme, 1_500_000_001n), 'maxPerRequest.USDC'],
  ])('%s is denied by that', (_, decision, condition) => {
    expect(decision.decision).toBe('deny')
    expect(decision.reasons.map(({ path }) => path)).toContain(
      `actions[].rules[pay].${condition}`,
    )
    expect(decision.reservations).toEqual([])
  })
})

test('a denial lists only the rules on this contract and function, if any', () => {
  const about = (id: string, to: string, name: string) => ({
    ...{ id, chains: [1] },
    call: { to: [to], functions: [name], spends: [] },
  })
  const rules = [
    about('other', thief, 'transfer'),
    about('transfers', usdc, 'transfer'),
    about('approvals', usdc, 'approve'),
  ]
  const denial = (rules: object[]) => {
    const { decision, reasons } = evaluate(
      parse(JSON.stringify({ version: 1, rules })),
      {
        kind: 'transaction',
        transaction: call('approve', thief, 2n ** 256n - 1n),
      },
      { caller: 'payouts', account },
      { time: 0 },
    )
    return [decision, ...reasons.map(({ path }) => path)]
  }
  const at = 'actions[].rules'
  expect(denial(rules)).toEqual(['deny', `${at}[approvals].dangers`])
  expect(denial(rules.slice(0, 2))).toEqual([
    'deny',
    `${at}[transfers].call.functions`,
    `${at}[transfers].dangers`,
    `${at}[other].call.to`,
    `${at}[other].call.functions`,
    `${at}[other].dangers`,
  ])
})

test('a denial also lists the limits of a rule whose conditions failed', () => {
  const { reasons } = ask('transfer', thief, 2_500_000_000n)
  expect(reasons).toEqual([
    {
      path: 'actions[].rules[pay].recipients',
      came: expect.any(String),
      allowed: 'payees',
    },
    {
      path: 'actions[].rules[pay].maxPerRequest.USDC',
      came: '2,500 USDC',
      allowed: 'at most 1,500 USDC in one request',
    },
    {
      path: 'windows[daily]',
      came: '2,500 USDC',
      allowed: '2,000 USDC in any 24 hours',
    },
  ])
})

test('a window that several rules name is listed once', () => {
  const pay = {
    ...{ chains: [1], payment: {}, recipients: [acme] },
    windows: ['daily'],
  }
  const windows = {
    daily: { asset: 'native', chain: 1, length: 'day', limit: '5' },
  }
  const rules = [
    { ...pay, id: 'one' },
    { ...pay, id: 'two' },
  ]
  const { reasons } = evaluate(
    parse(JSON.stringify({ version: 1, windows, rules })),
    {
      kind: 'transaction',
      transaction: {
        ...call('transfer', acme, 1n),
        ...{ to: thief, data: '0x', value: 6n },
      },
    },
    { caller: 'payouts', account },
    { time: 0, spent: [{ window: 'daily', scope: {}, amount: 1n }] },
  )
  expect(reasons.map(({ path }) => path)).toEqual([
    'actions[].rules[one].recipients',
    'windows[daily]',
    'actions[].rules[two].recipients',
  ])
})

test('the price of another type does not matter if it is undefined', () => {
  const transaction = {
    ...call('transfer', acme, 1n),
    gasPrice: undefined,
  } as unknown as Transaction.Unsigned
  const { decision } = evaluate(
    policy,
    { kind: 'transaction', transaction },
    { caller: 'payouts', account },
    { time: 0 },
  )
  expect(decision).toBe('allow')
})

test('an error in a rule is a denial', () => {
  const [rule] = policy.rules
  const broken = { ...rule, hours: [undefined] } as never
  const decision = evaluate(
    { ...policy, rules: [broken] },
    { kind: 'transaction', transaction: call('transfer', acme, 1n) },
    { caller: 'payouts', account },
    { time: 0 },
  )
  expect(decision).toMatchObject({ decision: 'deny', reservations: [] })
})

test('a policy with windows is enforced only where they are counted', () => {
  expect(() => assertCounted(policy)).toThrow(WindowsNotCountedError)
  expect(() => assertCounted({ ...policy, mode: 'shadow' })).not.toThrow()
})
