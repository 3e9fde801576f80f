import { describe, expect, test } from 'vitest'
import * as SendRequest from '../SendRequest.js'
import * as Operation from '../wire/Operation.js'

const limits = { chainId: 31337 }
const good = {
  operation: 'send',
  idempotency_key: 'order-17',
  dst_address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
  amount: '0.5',
}
const read = (fields: object, more = {}) =>
  SendRequest.fromEvent({ ...good, ...fields }, { ...limits, ...more })

const problemsOf = (work: () => unknown): string[] => {
  try {
    work()
  } catch (error) {
    return (error as Error).message.split('\n').slice(1, -1)
  }
  return []
}

describe('send', () => {
  test('reads every field', () => {
    expect(
      read({
        amount: undefined,
        value_wei: '7',
        data: '0xABcd',
        gas: 50_000,
        access_list: [],
        chainid: 31337,
        type: 2,
        speed: 'fast',
        max_fee_per_gas: '9',
        max_priority_fee_per_gas: 3,
        valid_until: '2026-11-25T12:00:00Z',
      }),
    ).toEqual({
      idempotencyKey: 'order-17',
      to: good.dst_address,
      value: 7n,
      data: '0xabcd',
      gas: 50_000n,
      accessList: [],
      speed: 'fast',
      maxFeePerGas: 9n,
      maxPriorityFeePerGas: 3n,
      validUntil: Date.UTC(2026, 10, 25, 12),
    })
    expect(read({ valid_until: 1_795_608_000 }).validUntil).toBe(
      1_795_608_000_000,
    )
  })

  test('reports all errors at once', () => {
    expect(
      problemsOf(() =>
        SendRequest.fromEvent(
          {
            operation: 'send',
            idempotency_key: 'with blank',
            dst_address: `0x${'0'.repeat(40)}`,
            amount: -1,
            value_wei: '1',
            data: '0xabc',
            gas: 20_999,
            chainid: 1,
            type: 0,
            speed: 'warp',
            max_fee_per_gas: 0,
            max_priority_fee_per_gas: -3,
            valid_until: 'tomorrow',
            nonce: 4,
          },
          limits,
        ),
      ),
    ).toMatchInlineSnapshot(`
      [
        "- nonce: is not a known field; known fields: operation, idempotency_key, dst_address, amount, value_wei, data, gas, access_list, chainid, type, speed, max_fee_per_gas, max_priority_fee_per_gas, exact_fee, valid_until, not_a_repeat",
        "- chainid: got 1; allowed: 31337, the chain of this sender (ETH_NETWORK)",
        "- type: got 0; allowed: 2, or nothing (on a chain without a base fee, a legacy transaction is used automatically)",
        "- data: got "0xabc"; allowed: 0x and an even number of hex digits, at most 131072 bytes",
        "- idempotency_key: got "with blank"; allowed: 1 to 128 visible ASCII characters that identify this request and its repeats, such as an order number",
        "- dst_address: got "0x0000000000000000000000000000000000000000"; allowed: any address except the zero address",
        "- amount: got -1; allowed: an amount in ether as a string such as "0.1", with at most 18 decimals, or a number of at most 15 significant digits",
        "- value_wei: can't be combined with amount; allowed: one of the two",
        "- gas: got 20999; allowed: an integer from 21000 to 9223372036854775807, as a decimal or 0x string, or a number up to 2^53-1",
        "- speed: got "warp"; allowed: "slow", "normal" or "fast"",
        "- max_fee_per_gas: got 0; allowed: an integer from 1 to 2^256-1",
        "- max_priority_fee_per_gas: got -3; allowed: an integer from 0 to 2^256-1, as a decimal or 0x string, or a number up to 2^53-1",
        "- valid_until: got "tomorrow"; allowed: seconds since 1970, or a time in UTC such as "2026-11-25T12:00:00Z"",
      ]
    `)
  })

  test.each([
    [{ amount: undefined }, 'amount'],
    [{ idempotency_key: '' }, 'idempotency_key'],
    [{ idempotency_key: 'x'.repeat(129) }, 'idempotency_key'],
    [{ idempotency_key: 17 }, 'idempotency_key'],
    [{ dst_address: null }, 'dst_address'],
    [{ max_fee_per_gas: '1e9' }, 'max_fee_per_gas'],
    [{ max_fee_per_gas: (2n ** 256n).toString() }, 'max_fee_per_gas'],
    [
      { max_fee_per_gas: 1, max_priority_fee_per_gas: 2 },
      'max_priority_fee_per_gas',
    ],
    [{ exact_fee: 1, max_fee_per_gas: 9 }, 'exact_fee'],
    [{ exact_fee: true }, 'exact_fee'],
    [
      { exact_fee: true, max_fee_per_gas: 9, max_priority_fee_per_gas: 9 },
      'exact_fee',
    ],
    [{ valid_until: Date.now() }, 'valid_until'],
    [{ valid_until: '2026-11-25T12:00:00' }, 'valid_until'],
    [{ valid_until: '2026-13-45T12:00:00Z' }, 'valid_until'],
    [{ valid_until: '2026-02-30T12:00:00Z' }, 'valid_until'],
    [{ valid_until: '2026-02-29T12:00:00Z' }, 'valid_until'],
    [{ valid_until: '2026-04-31T12:00:00Z' }, 'valid_until'],
    [{ valid_until: '2026-11-25T24:00:00Z' }, 'valid_until'],
    [{ valid_until: '2026-11-25T23:59:60Z' }, 'valid_until'],
    [{ valid_until: '2026-11-00T12:00:00Z' }, 'valid_until'],
    [{ gas: '0x10000000000000000' }, 'gas'],
    [{ value_wei: '1' }, 'value_wei'],
    [{ data: `0x${'00'.repeat(131_073)}` }, 'data'],
    [{ access_list: {} }, 'access_list'],
    [JSON.parse('{"__proto__": 1}'), '__proto__'],
  ])('%j is refused', (fields, path) => {
    const problems = problemsOf(() => read(fields))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^- ${path}:`))
  })

  test('a key in the wrong field is not quoted', () => {
    const secret = `0x${'a1'.repeat(32)}`
    for (const name of [
      'idempotency_key',
      'dst_address',
      'max_fee_per_gas',
      'amount',
    ])
      expect(problemsOf(() => read({ [name]: secret })).join()).not.toContain(
        'a1a1',
      )
  })

  test('without an address: a contract, if allowed', () => {
    const creation = { dst_address: undefined, amount: '0', data: '0x6000' }
    expect(problemsOf(() => read(creation))).toEqual([
      '- dst_address: is missing; allowed: an address (this sender is not allowed to create contracts)',
    ])
    const request = read(creation, { allowCreation: true })
    expect('to' in request).toBe(false)
    expect(
      problemsOf(() =>
        read({ ...creation, data: '0x' }, { allowCreation: true }),
      ),
    ).toHaveLength(1)
  })

  test('null is neither an address nor a request for a contract', () => {
    const creation = { dst_address: null, amount: '0', data: '0x6000' }
    expect(problemsOf(() => read(creation, { allowCreation: true }))).toEqual([
      expect.stringMatching(/^- dst_address: got null/),
    ])
  })

  test('the same request in another spelling has the same hash', () => {
    const account = { chainId: 31337, address: `0x${'1'.repeat(40)}` }
    const hash = (fields: object) => SendRequest.hash(read(fields), account)
    const one = hash({})
    expect(hash({ amount: 0.5 })).toBe(one)
    expect(hash({ amount: undefined, value_wei: '500000000000000000' })).toBe(
      one,
    )
    expect(
      hash({ speed: 'normal', data: '0x', access_list: [], exact_fee: false }),
    ).toBe(one)
    const checksummed = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const listing = (address: string, key: string) =>
      hash({ access_list: [{ address, storageKeys: [`0x${key.repeat(64)}`] }] })
    expect(listing(checksummed, 'A')).toBe(listing(good.dst_address, 'a'))
    expect(
      SendRequest.hash({ ...read({}), to: checksummed, data: '0x' }, account),
    ).toBe(one)
    const others = [
      hash({ amount: '0.50000001' }),
      hash({ data: '0x00' }),
      hash({ gas: 21_000 }),
      hash({ speed: 'fast' }),
      hash({ max_fee_per_gas: 1 }),
      hash({ max_fee_per_gas: 1, max_priority_fee_per_gas: 1 }),
      hash({ max_fee_per_gas: 1, exact_fee: true }),
      hash({ valid_until: 1 }),
      hash({ dst_address: `0x${'2'.repeat(40)}` }),
      SendRequest.hash(read({}), { ...account, chainId: 1 }),
      SendRequest.hash(read({}), { ...account, address: '0x' }),
    ]
    expect(new Set([one, ...others]).size).toBe(others.length + 1)
  })

  test('wei must be a string, so that nobody mistakes them for ether', () => {
    expect(
      problemsOf(() => read({ amount: undefined, value_wei: 1 })),
    ).toMatchObject([
      expect.stringMatching(/^- value_wei: got 1; allowed: .*in wei, as a/),
    ])
  })

  test.each([
    ['value', { value: -1n }],
    ['value', { value: 2n ** 256n }],
    ['value', { value: undefined }],
    ['gas', { gas: 0n }],
    ['speed', { speed: 'warp' }],
    ['maxFeePerGas', { maxFeePerGas: 0n }],
    ['maxPriorityFeePerGas', { maxFeePerGas: 1n, maxPriorityFeePerGas: 2n }],
    ['validUntil', { validUntil: Number.NaN }],
    ['validUntil', { validUntil: 1e15 }],
    ['to', { to: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8' }],
    ['to', { to: `0x${'0'.repeat(40)}` }],
    ['to', { to: undefined }],
    ['data', { data: '0x1' }],
    ['idempotencyKey', { idempotencyKey: '' }],
  ])('a library cannot bring a wrong %s either: %o', (name, fields) => {
    const request = { ...read({}), ...fields } as SendRequest.SendRequest
    expect(problemsOf(() => SendRequest.assertValid(request))).toEqual([
      expect.stringMatching(new RegExp(`^- ${name}: `)),
    ])
    SendRequest.assertValid(read({ valid_until: '2026-11-25T12:00:00.5Z' }))
  })

  test('survives its JSON form', () => {
    for (const request of [
      read({}),
      read({ data: '0x01', gas: 30_000, max_fee_per_gas: '5', valid_until: 9 }),
      read({ max_fee_per_gas: '5', exact_fee: true }),
      read({
        access_list: [
          { address: good.dst_address, storageKeys: [`0x${'00'.repeat(32)}`] },
        ],
      }),
    ])
      expect(SendRequest.fromKept(SendRequest.toKept(request))).toEqual(request)
  })

  test.each(['2028-02-29T23:59:59.999Z', '2026-12-31T00:00:00Z'])(
    'takes %s as it is',
    (time) => {
      expect(read({ valid_until: time }).validUntil).toBe(Date.parse(time))
    },
  )

  test("a caller's key is its own, and no two give the same id", () => {
    const ids = [
      SendRequest.transactionId('a', 'b,c'),
      SendRequest.transactionId('a,b', 'c'),
      SendRequest.transactionId('a', 'b'),
      SendRequest.transactionId('b', 'a'),
    ]
    expect(new Set(ids).size).toBe(4)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{40}$/)
  })
})

describe('operations', () => {
  const id = 'ab'.repeat(20)
  test.each([
    [{ operation: 'status' }, { operation: 'status' }],
    [good, { operation: 'send', request: expect.anything() }],
    [
      { operation: 'get', transaction_id: id },
      { operation: 'get', reference: { transactionId: id } },
    ],
    [
      { operation: 'cancel', idempotency_key: 'k' },
      { operation: 'cancel', reference: { idempotencyKey: 'k' } },
    ],
    [
      { operation: 'speed_up', transaction_id: id, max_fee_per_gas: 5 },
      {
        operation: 'speed_up',
        reference: { transactionId: id },
        maxFeePerGas: 5n,
      },
    ],
    [
      {
        operation: 'list',
        limit: 5,
        after: `1795608000000-${id}`,
        status: 'sent',
      },
      {
        operation: 'list',
        limit: 5,
        after: `1795608000000-${id}`,
        status: 'sent',
      },
    ],
  ])('%j', (event, expected) => {
    expect(Operation.fromEvent(event, limits)).toEqual(expected)
  })

  test.each([
    [{}, 'operation'],
    [{ operation: 'sign' }, 'operation'],
    [{ operation: 'toString' }, 'operation'],
    [{ operation: 'get' }, 'transaction_id'],
    [
      { operation: 'get', transaction_id: id, idempotency_key: 'k' },
      'transaction_id',
    ],
    [{ operation: 'get', transaction_id: 'x' }, 'transaction_id'],
    [{ operation: 'list', limit: 101 }, 'limit'],
    [{ operation: 'list', after: '{"pk":{"S":"tx#1"}}' }, 'after'],
    [{ operation: 'list', status: 'lost' }, 'status'],
    [{ operation: 'get', transaction_id: id, nonce: 1 }, 'nonce'],
    [{ operation: 'speed_up', transaction_id: id, speed: 'x' }, 'speed'],
  ])('%j is refused', (event, path) => {
    const problems = problemsOf(() => Operation.fromEvent(event, limits))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^- ${path}:`))
  })

  test.each([null, [], 'send', 5])('%j is not an event', (event) => {
    expect(problemsOf(() => Operation.fromEvent(event, limits))[0]).toMatch(
      /allowed: a JSON object/,
    )
  })
})
