import { evaluate } from '@keyward/guard'
import { lint, templateNames, templates } from '@keyward/guard/authoring'
import { describe, expect, test } from 'vitest'
import {
  account,
  acme,
  ask,
  authorization,
  batch,
  bob,
  bridge,
  call,
  dollars,
  ether,
  fill,
  multiSend,
  order,
  permit,
  policyOf,
  portal,
  router,
  safe,
  safeTx,
  seconds,
  send,
  settlement,
  signIn,
  swap,
  thief,
  typed,
  usdc,
  vaultRelayer,
  weth,
  withdrawal,
} from './templateCases.js'

type Ordinary = readonly [rule: string, request: unknown]
/** The end of a reason's path, and what is asked for. */
type Theft = readonly [name: string, refusedBy: string, request: unknown]

const never = 2n ** 256n - 1n
const gasPrice = { gasPrice: '25000000000' }
const transfer = (to: string, count: number, more: object = {}) =>
  send(usdc, call('transfer', to, dollars(count)), 0n, more)
const approve = (token: string, spender: string, amount: bigint) =>
  send(token, call('approve', spender, amount))
const deadline = BigInt(seconds + 900)
const bare = { kind: 'digest' }
const delegation = {
  kind: 'authorization',
  authorization: { chainId: 1, address: thief, nonce: 0 },
}
const text = (message: unknown) => ({ kind: 'message', message })
const blob = {
  maxFeePerBlobGas: '1',
  blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
}
/** Refused by every template. */
const everywhere: readonly Theft[] = [
  ['a bare digest', 'actions[]', bare],
  ['an account handed over', 'actions[]', delegation],
  ['a hash as a message', '', text({ raw: `0x${'ab'.repeat(32)}` })],
  ['a contract that is created', 'actions[]', send(undefined, '0x6001')],
  [
    'another chain',
    'chains',
    send(usdc, call('transfer', acme, 1n), 0n, { chainId: 10 }),
  ],
]

const ordinary: Record<(typeof templateNames)[number], readonly Ordinary[]> = {
  payouts: [
    ...[1, 12.5, 99.99, 1250.5, 4999.999999, 5000].map(
      (count): Ordinary => ['pay-token', transfer(acme, count)],
    ),
    ...[0.01, 700, 2500].map(
      (count): Ordinary => ['pay-token', transfer(bob, count)],
    ),
    ['pay-token', transfer(acme, 10, gasPrice)],
    ['pay-token', transfer(bob, 10, { ...gasPrice, accessList: [] })],
    ['pay-token', transfer(bob, 10, { gas: 65_000, nonce: 0 })],
    ['pay-token', transfer(acme, 0)],
    ...[0.001, 0.02, 0.1, 0.25].map(
      (count): Ordinary => ['pay-native', send(acme, '0x', ether(count))],
    ),
    ['pay-native', send(bob, '0x', 1n, { gas: 21_000 })],
    ['pay-native', send(bob, '0x', ether(0.2), gasPrice)],
    ['pay-native', send(acme.toLowerCase(), '0x', ether(0.05))],
  ],
  'bridge-relayer': [
    ...[1, 50, 999, 24_999, 25_000].map(
      (count): Ordinary => [
        'fill-usdc',
        send(
          bridge,
          fill({ inputAmount: dollars(25_100), outputAmount: dollars(count) }),
        ),
      ],
    ),
    ['fill-usdc', send(bridge, fill())],
    ['fill-usdc', send(bridge, fill({ recipient: acme, depositor: acme }))],
    ['fill-usdc', send(bridge, fill({ originChainId: 8453n }, 8453))],
    ['fill-usdc', send(bridge, fill({ fillDeadline: seconds + 21_600 }))],
    ['fill-usdc', send(bridge, fill({ outputAmount: dollars(1000) }))],
    ['fill-usdc', send(bridge, fill({ exclusiveRelayer: account }))],
    ['fill-usdc', send(bridge, fill(), 0n, { gas: 250_000 })],
    ...[1000, 50_000, 100_000].map(
      (count): Ordinary => [
        'approve-bridge',
        approve(usdc, bridge, dollars(count)),
      ],
    ),
    ['approve-bridge', approve(usdc, bridge, 0n)],
    ['finalize', send(portal, withdrawal())],
    ['finalize', send(portal, withdrawal({ value: 0n, data: '0x1234' }))],
    ['finalize', send(portal, withdrawal({ nonce: 99n, target: acme }))],
    ['finalize', send(portal, withdrawal(), 0n, { gas: 600_000 })],
  ],
  treasury: [
    ...[100, 9999.5, 50_000, 100_000].map(
      (count): Ordinary => ['pay-token', transfer(acme, count)],
    ),
    ['pay-token', transfer(bob, 75_000, gasPrice)],
    ...[0.5, 5, 20].map(
      (count): Ordinary => ['pay-native', send(acme, '0x', ether(count))],
    ),
    ...[10, 1000, 100_000].map(
      (count): Ordinary => [
        'sign-for-safe',
        safeTx(usdc, call('transfer', acme, dollars(count))),
      ],
    ),
    [
      'sign-for-safe',
      safeTx(usdc, call('transfer', bob, 5n), 0n, { nonce: '9' }),
    ],
    ['sign-for-safe', safeTx(acme, '0x', ether(3))],
    ['sign-for-safe', safeTx(bob, '0x', ether(20))],
    ['sign-for-safe', safeTx(safe)],
    ['sign-for-safe', safeTx(safe, '0x', 0n, { nonce: '4' })],
    ...[1, 2, 5].map((count): Ordinary => {
      const part = [usdc, 0n, call('transfer', acme, dollars(900))] as const
      const parts = batch(...Array.from({ length: count }, () => part))
      return ['sign-for-safe', safeTx(multiSend, parts, 0n, { operation: 1 })]
    }),
    [
      'sign-for-safe',
      safeTx(
        multiSend,
        batch(
          [usdc, 0n, call('transfer', acme, dollars(1))],
          [bob, ether(2), '0x'],
        ),
        0n,
        { operation: 1 },
      ),
    ],
  ],
  'trading-desk': [
    ...[0.1, 1, 25].map(
      (count): Ordinary => [
        'order-weth',
        order({
          sellAmount: `${ether(count)}`,
          buyAmount: `${dollars(count * 3000)}`,
        }),
      ],
    ),
    ['order-weth', order({ buyAmount: `${dollars(1500)}` })],
    ['order-weth', order({ partiallyFillable: true })],
    ['order-weth', order({ validTo: seconds + 3600, kind: 'buy' })],
    ...[100, 20_000, 50_000].map(
      (count): Ordinary => [
        'order-usdc',
        order({
          ...{ sellToken: usdc, buyToken: weth },
          sellAmount: `${dollars(count)}`,
          buyAmount: `${ether(count / 3000)}`,
        }),
      ],
    ),
    ['swap-weth', send(router, swap())],
    ['swap-weth', send(router, swap({ fee: 3000 }))],
    [
      'swap-usdc',
      send(
        router,
        swap({
          ...{ tokenIn: usdc, tokenOut: weth, amountIn: dollars(3000) },
          amountOutMinimum: ether(0.9),
        }),
      ),
    ],
    ['swap-batch', send(router, call('multicall', deadline, [swap()]))],
    ['swap-batch', send(router, call('multicall', deadline, [swap(), swap()]))],
    ['approve-venue', approve(usdc, router, dollars(50_000))],
    ['approve-venue', approve(weth, vaultRelayer, ether(25))],
    ['approve-venue', approve(weth, router, 0n)],
    ['wrap', send(weth, call('deposit'), ether(5))],
    ['wrap', send(weth, call('withdraw', ether(5)))],
    ['wrap', send(weth, call('deposit'), ether(25))],
  ],
  agent: [
    ...[0.01, 0.25, 1, 4.99, 5].map(
      (count): Ordinary => ['buy', transfer(acme, count)],
    ),
    ['buy', transfer(bob, 2, gasPrice)],
    ['buy', transfer(bob, 2, { gas: 65_000 })],
    ...[0.001, 0.5, 3, 5].map(
      (count): Ordinary => [
        'buy-by-signature',
        authorization({ value: `${dollars(count)}` }),
      ],
    ),
    ['buy-by-signature', authorization({ to: bob })],
    ['buy-by-signature', authorization({ validBefore: seconds + 60 })],
    ['buy-by-signature', authorization({ validBefore: seconds + 3600 })],
    ['buy-by-signature', authorization({ validAfter: seconds - 60 })],
    ['sign-in', signIn()],
    ['sign-in', signIn({ nonce: '12345678' })],
    ['sign-in', signIn({ nonce: 'Zz9'.repeat(10) })],
    ['sign-in', signIn({ expires: '2026-12-01T11:00:00Z' })],
    ['sign-in', signIn({ expires: '2026-12-01T10:01:00.000Z' })],
  ],
}

const thefts: Record<(typeof templateNames)[number], readonly Theft[]> = {
  payouts: [
    ['a stranger is paid', 'recipients', transfer(thief, 1)],
    ['ether for a stranger', 'recipients', send(thief, '0x', 1n)],
    [
      'more than one request may',
      'maxPerRequest.USDC',
      transfer(acme, 5000.000001),
    ],
    ['an approval', 'call.functions', approve(usdc, acme, 1n)],
    [
      'tokens of others',
      'call.functions',
      send(usdc, call('transferFrom', account, thief, 1n)),
    ],
    ['a permit', 'actions[]', permit(thief, 1n, seconds + 60)],
    [
      'the fee as the way out',
      'fee.maxFee',
      transfer(acme, 1, { gas: 1_000_000 }),
    ],
    [
      'a look-alike',
      'recipients',
      transfer('0x70997970c51812dc3a010c7d01b50e0d17dd79c8', 1),
    ],
    [
      'bytes behind the end',
      'dangers',
      send(usdc, `${call('transfer', acme, 1n)}00`),
    ],
    ['another token', 'call.to', send(weth, call('transfer', acme, 1n))],
    ['a blob', 'types', transfer(acme, 1, blob)],
  ],
  'bridge-relayer': [
    [
      'another token is paid out',
      'relayData.outputToken',
      send(bridge, fill({ outputToken: weth })),
    ],
    [
      'more than came in',
      'ratios[0]',
      send(bridge, fill({ outputAmount: dollars(1001) })),
    ],
    [
      'the recipient is called',
      'relayData.message',
      send(bridge, fill({ message: '0x00' })),
    ],
    [
      'a fill that waits',
      'relayData.fillDeadline',
      send(bridge, fill({ fillDeadline: seconds + 21_601 })),
    ],
    [
      'too large a fill',
      'maxPerRequest.USDC',
      send(
        bridge,
        fill({ inputAmount: dollars(90_000), outputAmount: dollars(25_001) }),
      ),
    ],
    ['ether with it', 'maxPerRequest.native', send(bridge, fill(), 1n)],
    ['another bridge', 'call.to', send(thief, fill())],
    ['an approval of a stranger', 'recipients', approve(usdc, thief, 1n)],
    ['an approval without end', 'dangers', approve(usdc, bridge, never)],
    ['a transfer', 'call.functions', transfer(acme, 1)],
    [
      'ether for the portal',
      'maxPerRequest.native',
      send(portal, withdrawal(), 1n),
    ],
  ],
  treasury: [
    ['a stranger is paid', 'recipients', transfer(thief, 1)],
    [
      'a stranger by the Safe',
      'recipients',
      safeTx(usdc, call('transfer', thief, 1n)),
    ],
    [
      'a delegatecall',
      'dangers',
      safeTx(thief, '0x12345678', 0n, { operation: 1 }),
    ],
    ['a module', '', safeTx(safe, call('enableModule', thief))],
    [
      'ether that an empty batch leaves to anyone',
      'rules[no-value-to-batches]',
      send(multiSend, batch(), ether(20)),
    ],
    [
      'the same by the Safe',
      'rules[no-value-to-batches]',
      safeTx(multiSend, batch(), 1n),
    ],
    ['a refund', 'dangers', safeTx(acme, '0x', 1n, { gasPrice: '1' })],
    [
      'a refund receiver',
      'dangers',
      safeTx(acme, '0x', 1n, { refundReceiver: thief }),
    ],
    ['another Safe', 'typedData.contracts', safeTx(acme, '0x', 1n, {}, thief)],
    [
      'one theft among payments',
      'recipients',
      safeTx(
        multiSend,
        batch(
          [usdc, 0n, call('transfer', acme, 1n)],
          [usdc, 0n, call('transfer', thief, 1n)],
        ),
        0n,
        { operation: 1 },
      ),
    ],
    ['ownership', '', safeTx(usdc, call('transferOwnership', thief))],
    [
      'parts that are too much together',
      'maxPerRequest.USDC',
      safeTx(
        multiSend,
        batch(
          ...Array.from(
            { length: 3 },
            () => [usdc, 0n, call('transfer', acme, dollars(40_000))] as const,
          ),
        ),
        0n,
        { operation: 1 },
      ),
    ],
    [
      'an approval by the Safe',
      'call.functions',
      safeTx(usdc, call('approve', acme, 1n)),
    ],
  ],
  'trading-desk': [
    [
      'what is bought goes elsewhere',
      'args.receiver',
      order({ receiver: thief }),
    ],
    ['sold for nothing', 'dangers', order({ buyAmount: '0' })],
    [
      'sold too cheap',
      'ratios[0]',
      order({ buyAmount: `${dollars(1499.999999)}` }),
    ],
    [
      'an order that never ends',
      'maxValidity',
      order({ validTo: seconds + 3601 }),
    ],
    ['another token is bought', 'args.buyToken', order({ buyToken: thief })],
    ['a fee on the side', 'args.feeAmount', order({ feeAmount: '1' })],
    ['another venue', 'typedData.contracts', order({}, thief)],
    [
      'a swap for a stranger',
      'args.params.recipient',
      send(router, swap({ recipient: thief })),
    ],
    [
      'a swap at any price',
      'ratios[0]',
      send(router, swap({ amountOutMinimum: 0n })),
    ],
    [
      'a theft in a batch',
      'args.params.recipient',
      send(
        router,
        call('multicall', deadline, [swap(), swap({ recipient: thief })]),
      ),
    ],
    [
      'a batch that waits',
      'args.deadline',
      send(router, call('multicall', BigInt(seconds + 3601), [swap()])),
    ],
    ['an approval without end', 'dangers', approve(weth, router, never)],
    ['a withdrawal', 'call.functions', transfer(acme, 1)],
    ["another chain's order", 'chains', order({}, settlement, 10)],
  ],
  agent: [
    ['a stranger is paid', 'recipients', transfer(thief, 1)],
    ['a stranger by signature', 'recipients', authorization({ to: thief })],
    ['too much', 'maxPerRequest.USDC', transfer(acme, 5.000001)],
    [
      'too much by signature',
      'maxPerRequest.USDC',
      authorization({ value: `${dollars(5.000001)}` }),
    ],
    [
      'valid for ever',
      'maxValidity',
      authorization({ validBefore: '281474976710655' }),
    ],
    ['a permit', 'typedData.kinds', permit(acme, 1n, seconds + 60)],
    ["another token's", 'typedData.contracts', authorization({}, weth)],
    [
      'another domain',
      'message.domains',
      signIn({ domain: 'app.exarnple.com' }),
    ],
    [
      'another place',
      'message.uris',
      signIn({ uri: 'https://thief.example.com/login' }),
    ],
    [
      'a session for a day',
      'maxValidity',
      signIn({ expires: '2026-12-02T10:00:00Z' }),
    ],
    [
      'another type of that name',
      'typedData.kinds',
      typed(
        'TransferWithAuthorization: address from, address to, uint256 value',
        usdc,
        { from: account, to: acme, value: '1' },
      ),
    ],
    ['any text', 'message.kinds', text('I owe you a million')],
    ['an approval', 'call.functions', approve(usdc, acme, 1n)],
  ],
}

describe.each(templateNames)('%s', (name) => {
  const policy = policyOf(name)
  const decide = (request: unknown, facts?: object) => {
    const asked = ask(request, name, facts)
    return evaluate(policy, asked.request, asked.subject, asked.facts)
  }

  const ruled = (effect: string) =>
    policy.rules.filter((rule) => rule.effect === effect)
  const idsOf = (effect: string) =>
    ruled(effect)
      .map(({ id }) => id)
      .sort()

  test('allows 20 ordinary requests, each by the rule that is meant', () => {
    const asked = ordinary[name]
    expect(asked.length).toBe(20)
    expect(
      asked.map(([, request]) => {
        const { decision, rule, reasons } = decide(request)
        return decision === 'allow' ? rule : reasons
      }),
    ).toEqual(asked.map(([rule]) => rule))
    // Each rule is for something.
    const allowing = asked.flatMap(([, request]) =>
      decide(request).actions.map(({ rule }) => rule),
    )
    expect([...new Set(allowing)].sort()).toEqual(idsOf('allow'))
    const denying = thefts[name].map(([, , request]) => decide(request).rule)
    expect(denying).toEqual(expect.arrayContaining(idsOf('deny')))
  })

  test.each([...thefts[name], ...everywhere])(
    'refuses %s by %s',
    (_, end, request) => {
      const { decision, reasons } = decide(request)
      expect(decision).toBe('deny')
      const paths = reasons.map(({ path }) => path)
      expect(
        paths.some((path) => path.endsWith(end)),
        paths.join('\n'),
      ).toBe(true)
    },
  )

  test('refuses what its windows have no room for', () => {
    const [first] = ordinary[name]
    const { reservations } = decide(first?.[1])
    expect(reservations.length).toBeGreaterThan(0)
    for (const { window, scope, amount } of reservations) {
      const at = (spent: bigint) =>
        decide(first?.[1], {
          spent: [{ window: window.id, scope, amount: `${spent}` }],
        }).decision
      expect(at(window.limit - amount)).toBe('allow')
      expect(at(window.limit - amount + 1n)).toBe('deny')
    }
  })

  test('refuses another caller, and knows no blobs, delegations or digests', () => {
    const request = ordinary[name][0]?.[1]
    const asked = ask(request, 'somebody')
    expect(
      evaluate(policy, asked.request, asked.subject, asked.facts).decision,
    ).toBe('deny')
    for (const { what, types, maxValidity, dangers } of ruled('allow')) {
      expect(['authorization', 'digest', 'create']).not.toContain(what?.kind)
      expect(types).toEqual(['legacy', 'eip2930', 'eip1559'])
      expect(maxValidity).toBe(3600n)
      expect(dangers).toBeUndefined()
    }
  })

  test('lint finds its examples, and no other error', () => {
    const template = templates[name]
    const document = template.create({
      ...{ chain: 1, payees: [], callers: [name], mode: 'shadow' },
      tokens: [
        { symbol: 'WETH', address: weth, decimals: 18 },
        { symbol: 'USDC', address: usdc, decimals: 6 },
      ],
    })
    const errors = lint(JSON.stringify(document)).filter(
      ({ level }) => level === 'error',
    )
    expect(new Set(errors.map(({ code }) => code))).toContain('example-address')
    expect(errors.filter(({ code }) => !code.startsWith('example-'))).toEqual(
      [],
    )
  })
})

test('a treasury is closed at night and at weekends', () => {
  const decide = (time: string) => {
    const asked = ask(transfer(acme, 1), 'treasury', { time })
    return evaluate(
      policyOf('treasury'),
      asked.request,
      asked.subject,
      asked.facts,
    ).decision
  }
  expect(decide('2026-12-01T06:59:59.999Z')).toBe('deny')
  expect(decide('2026-12-01T07:00:00Z')).toBe('allow')
  expect(decide('2026-12-05T10:00:00Z')).toBe('deny')
})
