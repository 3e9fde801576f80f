import { describe, expect, test } from 'vitest'
import { lint } from './lint.js'

const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
const other = '0x6B175474E89094C44Da98b954EedeAC495271d0F'
const payee = '0x00000000219ab540356cBB839Cbe05303d7705Fa'

const base = {
  version: 1,
  tokens: {
    USDC: {
      ...{ chain: 1, address: usdc, kind: 'erc20', decimals: 6 },
      symbol: 'USDC',
    },
  },
  groups: { payees: [{ address: payee, name: 'ACME' }] },
  windows: {
    day: { asset: 'USDC', length: 'day', limit: '5', per: ['caller'] },
    ether: {
      ...{ asset: 'native', chain: 1, length: 'day', limit: '5' },
      per: ['caller'],
    },
  },
  functions: ['swap(address tokenIn,uint256 amountIn,address to)'],
}

const pay = {
  ...{ id: 'pay', callers: ['a'], chains: [1] },
  call: { to: ['USDC'], functions: ['transfer'] },
  recipients: ['payees'],
  maxPerRequest: { USDC: '1' },
  windows: ['day', 'ether'],
}

/** A call that can't have a value. */
const valueless = { ...pay, maxPerRequest: { USDC: '1', native: '0' } }

/** Level, code and path of each finding. */
function find(rules: readonly object[], more: object = {}): string[] {
  return lint(JSON.stringify({ ...base, ...more, rules })).map(
    ({ level, code, path }) => `${level} ${code} ${path}`,
  )
}

test('a sound policy has no finding', () => {
  expect(find([pay])).toEqual([])
})

describe('rules that never decide anything', () => {
  test.each<[string, object[], string[]]>([
    [
      'a narrower one behind a wider one',
      [pay, { ...pay, id: 'less', windows: ['day', 'ether'] }],
      ['error unreachable rules[less]'],
    ],
    [
      'one that a denial covers',
      [pay, { id: 'no', effect: 'deny', callers: ['a', 'b'] }],
      ['error unreachable rules[pay]'],
    ],
    [
      'a denial behind a wider one',
      [
        pay,
        { id: 'no', effect: 'deny', callers: ['b'] },
        { id: 'nor', effect: 'deny', callers: ['b'], payment: {} },
      ],
      ['error shadowed-deny rules[nor]'],
    ],
    [
      'a denial in shadow mode',
      [pay, { id: 'no', effect: 'deny', mode: 'shadow', digest: {} }],
      ['warning shadow-deny rules[no]'],
    ],
    [
      'a token that is on another chain',
      [{ ...pay, chains: [10] }],
      [
        'error unreachable rules[pay]',
        'error no-window rules[pay].windows',
        'warning fee-uncounted rules[pay].fee',
        'warning limits-nothing rules[pay].windows',
      ],
    ],
    ['no callers', [{ ...pay, callers: [] }], ['error unreachable rules[pay]']],
  ])('%s', (_, rules, expected) => {
    expect(find(rules)).toEqual(expected)
  })

  test.each<[string, object]>([
    ['another caller', { callers: ['b'] }],
    ['another function', { call: { to: ['USDC'], functions: ['approve'] } }],
    ['without recipients', { recipients: ['payees', other] }],
    ['a danger', { dangers: ['permit'] }],
    ['a longer validity', { maxValidity: 7200 }],
    ['blobs', { types: ['eip4844'] }],
    [
      'another contract',
      { call: { to: ['USDC', other], functions: ['transfer'] } },
    ],
  ])('a second rule with %s is reached', (_, more) => {
    const codes = find([pay, { ...pay, id: 'more', ...more }])
    expect(codes.filter((one) => one.includes('unreachable'))).toEqual([])
  })

  test('a wider rule after a narrower one is reachable', () => {
    const narrow = {
      ...pay,
      id: 'small',
      call: { ...pay.call, args: { amount: { atMost: '1' } } },
      fee: { maxFee: '5' },
      hours: [{ days: ['mon'] }],
    }
    expect(find([narrow, pay])).toEqual([])
    expect(find([pay, narrow])).toEqual(['error unreachable rules[small]'])
  })
})

describe('calls to any contract, on the local chain', () => {
  const home = {
    tokens: { USDC: { ...base.tokens.USDC, chain: 31337 } },
    windows: {
      ...base.windows,
      ether: { ...base.windows.ether, chain: 31337 },
    },
  }
  const any = {
    ...{ ...pay, chains: [31337] },
    call: { to: 'any', functions: 'any', spends: [] as unknown },
  }
  const { recipients: _, ...open } = any
  const found = [
    'error any-contract rules[pay].call.to',
    'warning any-recipient rules[pay].recipients',
    'warning any-function rules[pay].call.functions',
  ]
  test('are found, with their missing limits', () => {
    const unsaid = { ...open, call: { to: 'any', functions: 'any' } }
    expect(find([unsaid], home)).toEqual([
      'error spends-missing rules[pay].call.spends',
      ...found,
    ])
    expect(find([open], home)).toEqual(found)
  })

  test('are not limited by recipients', () => {
    const idle = 'warning limits-nothing rules[pay].recipients'
    const [error, , warning] = found
    expect(find([any], home)).toEqual([error, idle, warning])
    const transfer = { ...any.call, functions: ['transfer'] }
    expect(find([{ ...any, call: transfer }], home)).toEqual([error, idle])
    const spends = [{ asset: 'USDC', amount: 'amount', recipient: 'to' }]
    expect(find([{ ...any, call: { ...transfer, spends } }], home)).toEqual([
      error,
    ])
  })

  test('are refused on other chains', () => {
    for (const chains of [[1], [31337, 1], []])
      expect(() => find([{ ...any, chains }], home)).toThrow(
        expect.objectContaining({
          details: expect.stringContaining('[31337] (the local chain)'),
        }),
      )
  })
})

const swap = {
  ...{ id: 'swap', callers: ['a'], chains: [1], windows: ['day', 'ether'] },
  call: {
    to: [other],
    functions: ['swap'],
    spends: [{ asset: 'USDC', amount: 'amountIn' }],
  },
}
const withCall = (more: object) => ({
  ...swap,
  call: { ...swap.call, ...more },
})

test.each<[string, object, string[]]>([
  ['a sound call', swap, []],
  [
    'no window and no limit',
    { ...pay, windows: ['ether'], maxPerRequest: {} },
    ['error no-window rules[pay].windows', 'warning unused-window windows.day'],
  ],
  [
    'no window beside a limit',
    { ...pay, windows: ['ether'] },
    [
      'warning no-window rules[pay].windows',
      'warning unused-window windows.day',
    ],
  ],
  [
    'payments without a window',
    {
      ...{ id: 'eth', callers: ['a'], chains: [1], payment: {} },
      ...{ recipients: ['payees'], windows: ['day'], fee: { maxFee: '1' } },
    },
    [
      'error no-window rules[eth].windows',
      'warning fee-uncounted rules[eth].fee',
      'warning limits-nothing rules[eth].windows',
      'warning unused-window windows.ether',
    ],
  ],
  [
    'fees that nothing bounds',
    { ...valueless, windows: ['day'] },
    [
      'warning fee-uncounted rules[pay].fee',
      'warning unused-window windows.ether',
    ],
  ],
  [
    'fees that nothing counts',
    { ...valueless, windows: ['day'], fee: { maxFee: '1' } },
    [
      'warning fee-uncounted rules[pay].fee',
      'warning unused-window windows.ether',
    ],
  ],
  [
    'value that a call may have, unless it is excluded',
    { ...pay, windows: ['day'], fee: { maxFee: '1' } },
    [
      'error no-window rules[pay].windows',
      'warning fee-uncounted rules[pay].fee',
      'warning unused-window windows.ether',
    ],
  ],
  [
    'value of a batch that is limited for one request only',
    {
      ...withCall({ functions: ['multiSend'], spends: undefined }),
      ...{ recipients: undefined, maxPerRequest: { native: '9' } },
      ...{ windows: [], fee: { maxFee: '1' } },
    },
    [
      'warning no-window rules[swap].windows',
      'warning fee-uncounted rules[swap].fee',
      'warning unused-window windows.day',
      'warning unused-window windows.ether',
    ],
  ],
  [
    'any caller',
    { ...pay, callers: undefined },
    ['warning any-caller rules[pay].callers'],
  ],
  [
    'any recipient',
    { ...pay, recipients: undefined },
    ['warning any-recipient rules[pay].recipients'],
  ],
  [
    'a recipient that is held by its argument',
    {
      ...pay,
      recipients: undefined,
      call: { ...pay.call, args: { to: { in: ['payees'] } } },
    },
    [],
  ],
  [
    'a recipient of what it spends',
    withCall({
      spends: [{ asset: 'USDC', amount: 'amountIn', recipient: 'to' }],
    }),
    ['warning any-recipient rules[swap].recipients'],
  ],
  [
    'signatures without end',
    { ...pay, maxValidity: 'unlimited' },
    ['warning no-end rules[pay].maxValidity'],
  ],
  [
    'any function',
    withCall({ functions: 'any', spends: 'unknown' }),
    [
      'error spends-unknown rules[swap].call.spends',
      'warning any-function rules[swap].call.functions',
    ],
  ],
  [
    'an amount that one of two has',
    withCall({
      functions: ['swap', 'transfer'],
      spends: [{ asset: 'USDC', amount: 'amountIn' }],
    }),
    ['warning no-argument rules[swap].call.spends[0].amount'],
  ],
  [
    'an argument that one of two has',
    {
      ...pay,
      call: {
        ...{ to: ['USDC'], functions: ['transfer', 'decreaseAllowance'] },
        args: { amount: { atMost: '5' } },
      },
    },
    ['warning no-argument rules[pay].call.args.amount'],
  ],
  [
    'an outflow that nobody says',
    withCall({ spends: undefined }),
    ['error spends-missing rules[swap].call.spends'],
  ],
  [
    'a field that one kind of typed data has not',
    {
      ...{ id: 'permit', callers: ['a'], chains: [1], recipients: ['payees'] },
      windows: ['day', 'ether'],
      typedData: {
        kinds: ['Permit', 'PermitSingle'],
        args: { value: { atMost: '5' } },
      },
    },
    ['warning no-argument rules[permit].typedData.args.value'],
  ],
  [
    'a field within a field',
    {
      ...{ id: 'permit', callers: ['a'], chains: [1], recipients: ['payees'] },
      windows: ['day', 'ether'],
      typedData: {
        kinds: ['PermitSingle'],
        args: { 'details.amount': { atMost: '5' } },
      },
    },
    [],
  ],
  [
    'no checksum',
    withCall({ to: [other.toLowerCase()] }),
    ['warning no-checksum rules[swap].call.to[0]'],
  ],
  [
    'an example',
    withCall({ to: ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8'] }),
    ['error example-address rules[swap].call.to[0]'],
  ],
  [
    'the account of private key 1',
    withCall({ to: ['0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf'] }),
    ['error example-address rules[swap].call.to[0]'],
  ],
])('%s', (_, rule, expected) => {
  expect(find([rule])).toEqual(expected)
})

test('a token that is called any is like any other', () => {
  const tokens = { any: { ...base.tokens.USDC, symbol: 'ANY' } }
  const windows = { ether: base.windows.ether }
  const rule = {
    ...pay,
    call: { to: ['any'], functions: ['transfer'] },
    maxPerRequest: {},
    windows: ['ether'],
  }
  expect(find([rule], { tokens, windows })).toEqual([
    'error no-window rules[pay].windows',
  ])
  const bounded = { ...rule, maxPerRequest: { native: '1' } }
  expect(find([bounded], { tokens, windows })).toEqual([
    'error no-window rules[pay].windows',
  ])
  const day = { ...base.windows.day, asset: 'any' }
  const counted = { ...rule, windows: ['ether', 'day'] }
  expect(find([counted], { tokens, windows: { ...windows, day } })).toEqual([])
})

describe('native on several chains', () => {
  const ether = {
    ...{ id: 'eth', callers: ['a'], chains: [1, 10], payment: {} },
    ...{ recipients: ['payees'], windows: ['ether'] },
  }
  const { windows } = base
  const both = { ...windows.ether, chain: 10 }
  const say = (rule: object, more: object = {}) =>
    lint(JSON.stringify({ ...base, ...more, rules: [rule] }))
      .filter(({ code }) => code !== 'unused-window')
      .map(({ level, code, what }) => `${level} ${code} ${what}`)

  test('is counted on each of them, or reported as uncounted', () => {
    expect(say(ether)).toEqual([
      'error no-window Nothing limits the amount of native on chain 10 that the rule spends.',
      'warning fee-uncounted Neither a cap nor a window limits the fee on chain 10.',
    ])
    expect(say({ ...ether, maxPerRequest: { native: '1' } })).toContain(
      'warning no-window The amount of native on chain 10 is limited per request, but not across requests.',
    )
    const more = { windows: { ...windows, both } }
    expect(say({ ...ether, windows: ['ether', 'both'] }, more)).toEqual([])
  })

  test('is not counted by a window of another', () => {
    const rule = { ...pay, windows: ['day', 'ether', 'both'] }
    expect(say(rule, { windows: { ...windows, both } })).toEqual([
      'warning limits-nothing The window both counts nothing: the rule spends no native on chain 10.',
    ])
  })
})

describe('conditions that limit nothing', () => {
  const who = { id: 'x', callers: ['a'], windows: ['ether', 'day'] }
  const idle = (rule: object) =>
    find([{ ...who, ...rule }])
      .filter((one) => one.includes('limits-nothing'))
      .map((one) => one.replace('warning limits-nothing rules[x].', ''))
  const list = { recipients: ['payees'] }
  const call = (more: object) => ({
    chains: [1],
    call: { to: ['USDC'], functions: ['transfer'], ...more },
  })
  const typed = (kinds: string[], more: object = {}) => ({
    ...{ chains: [1], typedData: { kinds, ...more } },
  })
  const text = { message: { kinds: ['text'] }, windows: [] }

  test.each<[string, object, string[]]>([
    ['a transfer', { ...call({}), ...list }, []],
    ['a payment', { chains: [1], payment: {}, ...list }, ['windows']],
    [
      'a contract',
      { chains: [1], create: {}, ...list },
      ['recipients', 'windows'],
    ],
    ['a text', { ...text, ...list }, ['recipients']],
    ['a digest', { digest: {}, windows: [], ...list }, ['recipients']],
    [
      'a call that moves nothing',
      { ...call({ functions: ['decreaseAllowance'] }), ...list },
      ['recipients', 'windows'],
    ],
    [
      'a call that says so',
      { ...call({ to: [other], functions: ['swap'], spends: [] }), ...list },
      ['recipients', 'windows'],
    ],
    [
      'a SafeTx',
      { ...typed(['SafeTx']), windows: [], ...list },
      ['recipients'],
    ],
    ['a permit', { ...typed(['Permit']), ...list }, []],
    ['permits and a SafeTx', { ...typed(['Permit', 'SafeTx']), ...list }, []],
    ['a window of a text', { ...text, windows: ['day'] }, ['windows']],
    ['fees of a text', { ...text, fee: { maxFee: '0' } }, ['fee']],
    ['types of a text', { ...text, types: ['legacy'] }, ['types']],
    ['fees of a transfer', { ...call({}), fee: { maxFee: '0' } }, []],
    ['a validity of a text', { ...text, maxValidity: 60 }, ['maxValidity']],
    [
      'a validity of a sign-in',
      { message: { kinds: ['sign-in'] }, windows: [], maxValidity: 60 },
      [],
    ],
    [
      'a validity of an authorization',
      {
        ...{ chains: [1], windows: [], maxValidity: 60 },
        authorization: { delegates: [other] },
      },
      ['maxValidity'],
    ],
    [
      'contracts of what has none',
      typed(['Permit'], {
        contracts: ['USDC'],
        without: ['verifyingContract'],
      }),
      ['typedData.contracts'],
    ],
    ['contracts', typed(['Permit'], { contracts: ['USDC'] }), []],
    ['all hours', { ...text, hours: [{ days: ['mon'] }, {}] }, ['hours']],
    ['some hours', { ...text, hours: [{ to: '23:59' }] }, []],
  ])('%s', (_, rule, expected) => {
    expect(idle(rule)).toEqual(expected)
  })

  test.each([
    ['recipients of a text', { ...text, windows: undefined, ...list }],
    ['recipients of a contract', { create: {}, ...list }],
    ['dangers of a digest', { digest: {}, dangers: ['permit'] }],
  ])('in a denial deny nothing: %s', (_, rule) => {
    const deny = { id: 'no', effect: 'deny', ...rule }
    expect(find([pay, deny])).toEqual(['error unreachable rules[no]'])
  })
})

test('a window that two callers share', () => {
  const windows = {
    ...base.windows,
    day: { asset: 'USDC', length: 'day', limit: '5' },
  }
  expect(find([pay], { windows })).toEqual([])
  expect(find([{ ...pay, callers: ['a', 'b'] }], { windows })).toEqual([
    'warning shared-window windows.day',
  ])
  const both = [pay, { ...pay, id: 'pay-too', callers: ['b'] }]
  expect(find(both, { windows })).toEqual(['warning shared-window windows.day'])
})

test('an example token is no account that money is sent to', () => {
  const address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
  const tokens = { USDC: { ...base.tokens.USDC, address } }
  const found = lint(JSON.stringify({ ...base, tokens, rules: [pay] }))
  expect(
    found.filter(({ path }) => path === 'tokens.USDC.address'),
  ).toMatchObject([
    {
      why: "It is not the address of a token's contract.",
      fix: "Replace it with the address of the token's contract.",
    },
  ])
})

test('on the local chain, the examples do no harm', () => {
  const tokens = { USDC: { ...base.tokens.USDC, chain: 31337 } }
  const windows = {
    ...base.windows,
    ether: { ...base.windows.ether, chain: 31337 },
  }
  const rule = {
    ...{ ...pay, chains: [31337] },
    recipients: ['0x70997970C51812dc3A010C7d01b50e0d17dc79C8'],
  }
  expect(find([rule], { tokens, windows })).toEqual([
    'warning example-address rules[pay].recipients[0]',
  ])
})

test('a policy that does not refuse anything yet', () => {
  expect(find([pay], { mode: 'shadow' })).toEqual(['warning shadow mode'])
})

describe('unknown spends', () => {
  const unknown = withCall({ spends: 'unknown' })
  const windows = {
    ...base.windows,
    often: { asset: 'requests', length: 'day', limit: '5' },
  }
  /** What the finding says of the rule's limits. */
  const say = (more: object) =>
    lint(JSON.stringify({ ...base, windows, rules: [{ ...unknown, ...more }] }))
      .filter(({ code }) => code === 'spends-unknown')
      .map(({ level, what }) => `${level} ${what}`)
  const beside = (limits: string) => [
    `error spends is "unknown", but the rule has ${limits}.`,
  ]

  test.each<[string, object, string[]]>([
    ['beside a window', {}, beside('windows')],
    ['beside a window of requests only', { windows: ['often'] }, []],
    [
      'beside a limit for one request',
      { windows: [], maxPerRequest: { native: '0' } },
      beside('maxPerRequest'),
    ],
    [
      'beside all limits',
      { recipients: ['payees'], maxPerRequest: { native: '0' } },
      beside('recipients and maxPerRequest and windows'),
    ],
    ['in a denial', { effect: 'deny', windows: undefined }, []],
  ])('%s', (_, more, expected) => {
    expect(say(more)).toEqual(expected)
  })
})

describe('numbers that may be negative', () => {
  const functions = [
    'swap(address tokenIn,uint256 amountIn,address to)',
    'trade(int256 amount,(int128 delta,uint128 most)[] parts)',
  ]
  /** The paths that are found. */
  const pathsOf = (args: object, more: object = {}) =>
    lint(
      JSON.stringify({
        ...{ ...base, functions },
        rules: [
          {
            ...{ id: 'x', chains: [1], ...more },
            call: {
              to: [other],
              functions: ['trade'],
              spends: 'unknown',
              args,
            },
          },
        ],
      }),
    ).flatMap(({ code, path }) => (code === 'negative-number' ? [path] : []))
  const amount = ['rules[x].call.args.amount']

  test.each<[object, string[]]>([
    [{ amount: { atMost: '5' } }, amount],
    [{ amount: { atMost: '5', atLeast: '0' } }, []],
    [{ amount: { atLeast: '5' } }, []],
    [{ amount: { atMost: '5', in: ['1', '2'] } }, []],
    [
      { parts: { every: { fields: { delta: { atMost: '5' } } } } },
      ['rules[x].call.args.parts'],
    ],
    [{ parts: { every: { fields: { most: { atMost: '5' } } } } }, []],
    [{ parts: { length: { atMost: '5' } } }, []],
  ])('%j', (args, expected) => {
    expect(pathsOf(args)).toEqual(expected)
  })

  test('a denial by atLeast does not deny them', () => {
    const deny = { effect: 'deny' }
    expect(pathsOf({ amount: { atLeast: '5' } }, deny)).toEqual(amount)
    expect(pathsOf({ amount: { atMost: '5' } }, deny)).toEqual([])
  })
})
