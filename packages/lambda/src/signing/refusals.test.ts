import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { sampled } from '../../../../test/support/sampled.js'

// The endpoint refuses connections, so any unexpected error would show that KMS
// was called.
const environment = {
  KMS_KEY_ID: 'alias/none',
  ETH_NETWORK: 'local',
  LOG_LEVEL: 'DEBUG',
  AWS_REGION: 'us-east-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  AWS_ACCESS_KEY_ID: 'AKIATEST',
  AWS_SECRET_ACCESS_KEY: 'secret',
}
const context = {
  awsRequestId: '1',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  getRemainingTimeInMillis: () => 10_000,
}
type Handler = (event: unknown, from: typeof context) => Promise<unknown>
type Event = Record<string, unknown>

const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const common = { operation: 'sign', dst_address: to, amount: 0.1, nonce: 0 }
const events: Record<string, Event> = {
  eip1559: { ...common, max_fee_per_gas: 2, max_priority_fee_per_gas: 1 },
  legacy: { ...common, gas_price: 2 },
}
const handlers: Record<string, Handler> = {}

beforeAll(async () => {
  for (const [name, value] of Object.entries(environment))
    vi.stubEnv(name, value)
  handlers.eip1559 = (await import('../functions/eip1559-signer.js'))
    .handler as Handler
  handlers.legacy = (await import('../functions/legacy-signer.js'))
    .handler as Handler
})
afterEach(() => vi.restoreAllMocks())

/** Invokes the function and returns the refusal with the whole log. */
async function refuse(kind: string, event: unknown) {
  const logged: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    logged.push(String(chunk))
    return true
  })
  try {
    await handlers[kind]?.(event, context)
  } catch (error) {
    const { name, message } = error as Error
    return { name, message, log: logged.join('') }
  } finally {
    vi.restoreAllMocks()
  }
  throw new Error('It was not refused.')
}

const key = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const word = `0x${'ab'.repeat(32)}`

/** Wrong values for each field: type, range, length, case. */
const wrong: Record<string, unknown[]> = {
  operation: [undefined, null, '', 'send', 'SIGN', 'Status', 5, {}, ['sign']],
  dst_address: [
    undefined,
    null,
    '',
    5,
    {},
    [],
    'vitalik.eth',
    to.slice(2),
    to.slice(0, -1),
    `${to}0`,
    `0x${'0'.repeat(40)}`,
    to.replace('C5', 'c5'),
    `0x${to.slice(2).toUpperCase()}`,
    ` ${to}`,
  ],
  amount: [
    undefined,
    null,
    '',
    -1,
    -0,
    '-1',
    '+1',
    '.5',
    '1.',
    '1e3',
    '0x1',
    '1,5',
    ' 1',
    true,
    {},
    [],
    '0.0000000000000000001',
    0.1234567890123456,
    1e-19,
    '9'.repeat(60),
    Number.NaN,
  ],
  nonce: [
    undefined,
    null,
    '',
    -1,
    1.5,
    '1.0',
    '01',
    '0x',
    true,
    {},
    [0],
    '18446744073709551615',
    2 ** 53,
  ],
  gas: [
    null,
    '',
    0,
    20_999,
    -1,
    21000.5,
    '21e3',
    true,
    {},
    [],
    `0x1${'0'.repeat(64)}`,
    // Nodes store it in 64 bits, and signing refuses more.
    '18446744073709551616',
  ],
  data: [
    null,
    5,
    '',
    '0',
    '0x0',
    '0xzz',
    'ab',
    {},
    [],
    `0x${'00'.repeat(131_073)}`,
  ],
  chainid: [null, 1, '1', 0, -1, 31337.5, '31337 ', 'local', true, {}, []],
  value_wei: ['1', '0', '0x1'],
  unknown_field: [undefined, null, 0],
  Amount: [1],
  maxFeePerGas: [1],
}
const wrongPrices = [
  undefined,
  null,
  '',
  -1,
  1.5,
  '1 gwei',
  '1e9',
  true,
  {},
  [],
  2 ** 53,
  `0x${'f'.repeat(65)}`,
]
const wrongOf: Record<string, Record<string, unknown[]>> = {
  eip1559: {
    ...wrong,
    max_fee_per_gas: [...wrongPrices, 0.1],
    max_priority_fee_per_gas: [...wrongPrices, 3, '3'],
    type: [null, 0, 1, 3, '', 'eip1559', true, {}, 2.5],
    access_list: [
      null,
      '',
      {},
      [1],
      [null],
      [{ address: to }],
      [{ address: to, storageKeys: ['0x1'] }],
      [{ address: 'x', storageKeys: [] }],
      [{ address: to, storageKeys: [], more: 1 }],
    ],
    gas_price: [1],
  },
  legacy: {
    ...wrong,
    gas_price: wrongPrices,
    type: [0, 2],
    access_list: [[]],
    max_fee_per_gas: [1],
  },
}

describe.each(['eip1559', 'legacy'])('%s', (kind) => {
  const good = events[kind] as Event

  test('names each wrong field', async () => {
    for (const [field, values] of Object.entries(wrongOf[kind] ?? {}))
      for (const value of values) {
        const { name, message } = await refuse(kind, {
          ...good,
          // A list needs additional gas.
          ...(field === 'access_list' ? { gas: 100_000 } : {}),
          [field]: value,
        })
        const given = `${kind} ${field} ${String(value).slice(0, 30)}`
        expect(name, given).toBe('InvalidRequestError')
        // The position in a list is part of the path.
        expect(message, given).toMatch(new RegExp(`\\n- ${field}[[:]`))
        expect(message.split('\n'), given).toHaveLength(3)
      }
  })

  test('accepts wei only as a string', async () => {
    const { amount: _, ...rest } = good
    const values = [1, 0, null, '', '1.5', '-1', '1e18', {}, true, '0x']
    for (const value_wei of values) {
      const { message } = await refuse(kind, { ...rest, value_wei })
      expect(message, String(value_wei)).toMatch(
        /^The event was refused: 1 problem\.\n- value_wei: got /,
      )
    }
  })

  test('reports everything that is wrong at once', async () => {
    const all = Object.fromEntries(
      Object.keys(good).map((field) => [
        field,
        field === 'operation' ? 'sign' : false,
      ]),
    )
    const { message } = await refuse(kind, { ...all, chainid: 1, secret: 'x' })
    expect(message).toMatchSnapshot()
    expect((await refuse(kind, {})).message).toMatchSnapshot()
    expect(
      (await refuse(kind, { operation: 'send' })).message,
    ).toMatchSnapshot()
    expect(
      (await refuse(kind, { operation: 'sign' })).message,
    ).toMatchSnapshot()
    expect(
      (await refuse(kind, { operation: 'status', nonce: 1 })).message,
    ).toMatchSnapshot()
  })

  test('refuses a value that is not an object', async () => {
    for (const event of [undefined, null, 5, 'x', [], [good], true])
      expect((await refuse(kind, event)).message).toMatch(
        /\n- the event is .*; allowed: a JSON object\n/,
      )
  })

  test('requires gas if 21000 is not enough', async () => {
    const { message } = await refuse(kind, { ...good, data: '0x00' })
    expect(message).toContain(
      '\n- gas: is missing; allowed: the gas for the data and access list',
    )
    if (kind === 'legacy') return
    const access_list = [{ address: to, storageKeys: [word] }]
    expect((await refuse(kind, { ...good, access_list })).message).toContain(
      '\n- gas: is missing',
    )
  })

  test('refuses a fee above the limit, exactly', async () => {
    const field = kind === 'legacy' ? 'gas_price' : 'max_fee_per_gas'
    const gas = 10n ** 6n
    const limit = 10n ** 12n
    const above = { ...good, gas: String(gas), [field]: String(limit + 1n) }
    expect((await refuse(kind, above)).message).toContain(
      `\n- ${field}: allows a fee of 1.000000000001 ether (price x gas); allowed: up to 1 ether (MAX_TX_FEE_ETHER of the function)\n`,
    )
    // A price that is one wei lower passes; then there is no KMS to call.
    const at = await refuse(kind, { ...above, [field]: String(limit) })
    expect(at.name).toBe('KmsUnreachableError')
  })

  test('never repeats a key pasted into a field, nor logs it', async () => {
    const decimal = BigInt(`0x${key}`).toString()
    const bytes = [...Buffer.from(key, 'hex')]
    const mnemonic =
      'legal winner thank year wave sausage worth useful legal winner thank yellow'
    const fields = [...Object.keys(wrongOf[kind] ?? {}), key, mnemonic]
    for (const field of fields)
      for (const secret of [
        key,
        `0x${key}`,
        key.toUpperCase(),
        ` ${key}`,
        decimal,
        mnemonic,
        bytes,
        mnemonic.split(' '),
        [{ address: key, storageKeys: [key] }],
        { [key]: key },
      ]) {
        const { message, log } = await refuse(kind, {
          ...good,
          nonce: 'x',
          [field]: secret,
        })
        const text = `${message}${log}`.toLowerCase()
        for (const leak of [
          key.slice(0, 16),
          key.slice(-16),
          decimal.slice(0, 16),
          'winner',
          '172,9,116',
        ])
          expect(text, field).not.toContain(leak)
      }
  })

  test('logs a refusal with its fields, but without values', async () => {
    const { log } = await refuse(kind, { ...good, nonce: 'canary', amount: -1 })
    const { timestamp, duration_ms, ...line } = JSON.parse(log)
    expect(line).toEqual({
      level: 'WARN',
      message: 'refused',
      request_id: '1',
      key_id: 'alias/none',
      error: 'InvalidRequestError',
      code: 'invalid-request',
      fields: ['nonce', 'amount'],
    })
    expect(duration_ms).toBeGreaterThanOrEqual(0)
    expect(timestamp).toMatch(/Z$/)
  })

  // The same functions read both.
  test.runIf(kind === 'eip1559')(
    'refuses 6 MB and deep nesting quickly',
    async () => {
      const size = 6_000_000
      const nest = (depth: number) =>
        JSON.parse('['.repeat(depth) + ']'.repeat(depth))
      const names = () =>
        Object.fromEntries(
          Array.from({ length: 500_000 }, (_, index) => [`f${index}`, 1]),
        )
      // Soak has all of them.
      const large: (() => unknown)[] = [
        () => ({ ...good, data: `0x${'00'.repeat(size / 2)}` }),
        () => ({ ...good, amount: '9'.repeat(size) }),
        () => ({ ...good, amount: `0.${'0'.repeat(size)}` }),
        () => ({ ...good, nonce: `0x${'f'.repeat(size)}` }),
        () => ({ ...good, dst_address: `0x${'a'.repeat(size)}` }),
        () => ({ ...good, operation: 'a '.repeat(size / 2) }),
        () => ({ ...good, ['x'.repeat(size)]: 1 }),
        () => ({ ...good, ...names() }),
        () => ({ ...good, access_list: Array(size / 2).fill(1) }),
        () => ({
          ...good,
          access_list: Array(3000).fill({
            address: 'x'.repeat(2000),
            storageKeys: nest(1000),
          }),
        }),
        () => ({ ...good, data: nest(100_000) }),
        () => nest(size / 2),
        () => 'x'.repeat(size),
      ]
      for (const make of sampled(large, 5)) {
        const event = make()
        const start = process.cpuUsage()
        const { name, message, log } = await refuse(kind, event)
        expect(name).toBe('InvalidRequestError')
        expect(message.length).toBeLessThan(10_000)
        expect(log.length).toBeLessThan(10_000)
        const { user, system } = process.cpuUsage(start)
        expect(user + system).toBeLessThan(2_000_000)
      }
    },
  )
})
