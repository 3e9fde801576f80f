import {
  encodeFunctionData,
  type Hex,
  keccak256,
  pad,
  parseAbi,
  size,
  toEventSelector,
  toHex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RpcRefusedError } from '../../packages/core/src/rpc/index.js'
import { encodeMultiSend } from '../../packages/guard/src/calls/index.js'
import {
  type Danger,
  readState,
  review,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { assemble } from '../support/assemble.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import { createOwners, openSafe } from '../support/safe/owners.js'
import { safeContracts } from '../support/safe/safeContracts.js'
import { deployOpenZeppelin } from '../support/safe/testContracts.js'

// Code that behaves well where it can tell that it is only tried, and losses
// that hide behind what the transaction says.

const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function transferFrom(address from, address to, uint256 amount)',
  'function setApprovalForAll(address operator, bool yes)',
  'function mint(address to)',
  'function increaseAllowance(address spender, uint256 added)',
  'function decreaseAllowance(address spender, uint256 less)',
  'function set(uint256 value)',
  'function flag()',
  'function safeTransferFrom(address from, address to, uint256 id)',
  'function deposit()',
])
const encode = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)
const deposit = encode('deposit')
const payee: Hex = `0x${'aa'.repeat(20)}`
const batcher = safeContracts('1.4.1').multiSendCallOnly.address
const thief: Hex = `0x${'bd'.repeat(20)}`
/** The contract that the Safe calls. */
const called: Hex = `0x${'c0'.repeat(20)}`

let chain: SafeChain
let owners: Hex[]
let token: Hex
let safe: Awaited<ReturnType<typeof openSafe>>
beforeAll(async () => {
  chain = await openSafeChain()
  owners = (await createOwners(3)).map(({ address }) => address)
  safe = await openSafe(chain, { owners })
  const args = ['Test', 'TST', 10n ** 24n, chain.operator]
  token = (
    await deployOpenZeppelin(chain, 'ERC20PresetFixedSupply', args)
  ).toLowerCase() as Hex
  const data = encode('transfer', safe.address, 10n ** 20n)
  await chain.send({ to: token, data })
})
afterAll(() => chain?.close())

const put = (code: string, at = called) =>
  chain.anvil.call('anvil_setCode', [at, assemble(code)])

/** Calls from the Safe, outside of its transactions. */
async function asSafe(to: Hex, data: Hex) {
  const { call, receipt } = chain.anvil
  await call('anvil_impersonateAccount', [safe.address])
  const sent = { from: safe.address, to, data, gas: '0x100000' }
  const hash = await call('eth_sendTransaction', [sent])
  expect(await receipt(String(hash))).toMatchObject({ status: '0x1' })
}

/** Assembly that calls a contract with these bytes. */
const callOf = (to: Hex, data: Hex) => {
  const words = Math.ceil(size(data) / 32)
  const padded = pad(data, { dir: 'right', size: words * 32 }).slice(2)
  const stores = Array.from(
    { length: words },
    (_, at) =>
      `0x${padded.slice(at * 64, at * 64 + 64)} ${toHex(at * 32, { size: 2 })} MSTORE`,
  )
  return `${stores.join(' ')}
    0x20 0x0400 ${toHex(size(data), { size: 2 })} 0x00 0x00 ${to} GAS CALL`
}

const batch = (...calls: readonly (readonly [Hex, Hex])[]) => ({
  to: batcher,
  operation: 1 as const,
  data: encodeMultiSend(calls.map(([to, data]) => ({ to, value: 0n, data }))),
})

async function findings(
  given: Partial<SafeTransaction.SafeTransaction>,
  rules: Danger.Rules = {},
  rpc = safe.rpc,
) {
  const { nonce } = await readState(safe.rpc, safe.domain)
  const transaction = SafeTransaction.create({ to: called, nonce, ...given })
  const options = { ...safe.review, rules, rpc }
  const seen = await review(safe.domain, transaction, options)
  expect(seen.simulation?.failure).toBeUndefined()
  return seen.findings.map(({ danger }) => danger)
}

/** A node without `eth_simulateV1`: only its tracers are left. */
const withTracersOnly = (): typeof safe.rpc => ({
  ...safe.rpc,
  request: async (method, params, options) => {
    if (method === 'eth_simulateV1')
      throw new RpcRefusedError('the node', method, {
        ...{ code: -32601, message: 'no such method', data: undefined },
      })
    return safe.rpc.request(method, params, options)
  },
})

describe('code that runs as the Safe and looks at who pays', () => {
  const theft = { operation: 1, data: '0xc0406226' } as const
  const rules: Danger.Rules = { open: ['delegatecall'], openCalls: [called] }
  const module = keccak256(
    `0x${thief.slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}`,
  )

  test.each([
    ['all methods', () => safe.rpc],
    ['tracers alone', withTracersOnly],
  ])("can't hide a slot that nobody watches (%s)", async (_, rpc) => {
    await put('STOP')
    expect(await findings(theft, rules, rpc())).toEqual([])
    const write = `0x01 ${module} SSTORE STOP`
    await put(write)
    expect(await findings(theft, rules, rpc())).toEqual(['storage'])
    await put(`GASPRICE @write JUMPI STOP :write ${write}`)
    expect(await findings(theft, rules, rpc())).toEqual(['storage'])
    // 10 ether: more than an account has that pays for others.
    await put(
      `0x8ac7230489e80000 ORIGIN BALANCE LT @write JUMPI STOP :write ${write}`,
    )
    expect(await findings(theft, rules, rpc())).toEqual(['storage'])
  })
})

test("code that runs as the Safe can't hide an approval in Permit2", async () => {
  const permit2: Hex = '0x000000000022d473030f116ddee9f6b43ac78ba3'
  const kept = toEventSelector(
    'Approval(address,address,address,uint160,uint48)',
  )
  // Logs what it keeps, as Permit2 does.
  await put(
    `0x44 CALLDATALOAD 0x00 MSTORE 0x64 CALLDATALOAD 0x20 MSTORE
    0x24 CALLDATALOAD 0x04 CALLDATALOAD CALLER ${kept} 0x40 0x00 LOG4 STOP`,
    permit2,
  )
  const approve = (amount: bigint) =>
    encodeFunctionData({
      abi: parseAbi([
        'function approve(address token, address spender, uint160 amount, uint48 expiration)',
      ]),
      args: [token, thief, amount, 1],
    })
  await put(`${callOf(permit2, approve(5n))} STOP`)
  const rules: Danger.Rules = { open: ['delegatecall'], openCalls: [called] }
  const theft = { operation: 1, data: '0xc0406226' } as const
  expect(await findings(theft, rules)).toEqual(['unlimited-approval'])
  // One that the transaction says is its own.
  for (const given of [{ data: approve(5n) }, batch([permit2, approve(5n)])])
    expect(await findings({ to: permit2, ...given })).toEqual([])
  await put('STOP', permit2)
})

test('the relayer has as much as it really has, and the fee', async () => {
  await put('ORIGIN BALANCE 0x00 MSTORE 0x20 0x00 LOG0 STOP')
  const relayer: Hex = `0x${'4e'.repeat(20)}`
  const funds = 3n * 10n ** 18n
  await chain.fund(relayer, funds)
  const { nonce } = await readState(safe.rpc, safe.domain)
  const given = SafeTransaction.create({ to: called, nonce, data: deposit })
  const options = { ...safe.review, sender: relayer }
  const { simulation } = await review(safe.domain, given, options)
  const log = simulation?.logs.find(({ address }) => address === called)
  const left = BigInt(log?.data ?? '0x0') - funds
  expect(left).toBeGreaterThanOrEqual(0n)
  expect(left).toBeLessThan(10n ** 17n)
})

describe('a contract that is asked for balances', () => {
  /** Once it was asked for a balance, it does nothing. */
  const onceAsked = (theft: string) => `
    0x00 CALLDATALOAD 0xe0 SHR
    DUP1 0x70a08231 EQ @asked JUMPI
    DUP1 0x890eba68 EQ @flag JUMPI
    GASPRICE ISZERO @rest JUMPI
    ${callOf(called, encode('flag'))} POP 0x0400 MLOAD @rest JUMPI
    ${theft}
    :rest STOP
    :asked 0x01 0x00 SSTORE 0x00 0x00 MSTORE 0x20 0x00 RETURN
    :flag 0x00 SLOAD 0x00 MSTORE 0x20 0x00 RETURN`

  test("doesn't learn by it that code of it will run as the Safe", async () => {
    const rules: Danger.Rules = { open: ['delegatecall'], openCalls: [called] }
    await put(onceAsked('0x01 0x00 SSTORE'))
    const theft = { operation: 1, data: '0xc0406226' } as const
    expect(await findings(theft, rules)).toContain('storage')
  })

  test("doesn't learn by it that it is only tried", async () => {
    const amount = 10n ** 18n
    await put('STOP')
    await asSafe(token, encode('approve', called, amount))
    const pull = encode('transferFrom', safe.address, thief, amount)
    await put(onceAsked(`${callOf(token, pull)} POP`))
    expect(await findings({ data: deposit })).toEqual(['balance'])
  })

  test("can't put back what it took before the next one is asked", async () => {
    // A token without logs, of which the Safe has 100.
    const silent: Hex = `0x${'d1'.repeat(20)}`
    await put(
      `0x00 CALLDATALOAD 0xe0 SHR
      DUP1 0x70a08231 EQ @balance JUMPI
      0x60fe47b1 EQ @set JUMPI STOP
      :balance 0x00 SLOAD 0x00 MSTORE 0x20 0x00 RETURN
      :set 0x04 CALLDATALOAD 0x00 SSTORE STOP`,
      silent,
    )
    await chain.send({ to: silent, data: encode('set', 100n) })
    await put(`0x00 CALLDATALOAD 0xe0 SHR
      0x70a08231 EQ @asked JUMPI
      ${callOf(silent, encode('set', 1n))} STOP
      :asked ${callOf(silent, encode('set', 100n))} STOP`)
    const given = batch(
      [called, deposit],
      [silent, encode('transfer', payee, 0n)],
    )
    expect(await findings(given)).toEqual(['balance'])
  })
})

test('a simulated block has a number that nobody chose', async () => {
  await put('PREVRANDAO 0x00 MSTORE 0x20 0x00 LOG0 STOP')
  const sent: string[] = []
  const request: typeof safe.rpc.request = (method, params, options) => {
    const [, random] = /"prevRandao":"(\w+)"/.exec(JSON.stringify(params)) ?? []
    if (random !== undefined) sent.push(random)
    return safe.rpc.request(method, params, options)
  }
  const { nonce } = await readState(safe.rpc, safe.domain)
  const given = SafeTransaction.create({ to: called, nonce, data: deposit })
  const look = () =>
    review(safe.domain, given, {
      ...safe.review,
      rpc: { ...safe.rpc, request },
    })
  const seen = [await look(), await look()]
  const logged = seen.map(({ simulation }) =>
    simulation?.logs.find(({ address }) => address === called),
  )
  expect(logged.map((log) => log?.data)).toEqual(sent)
  expect(new Set(sent).size).toBe(2)
})

describe("a loss that the transaction doesn't say", () => {
  const amount = 10n ** 18n
  /** Takes from the Safe, by what it was allowed before. */
  const take = (of: Hex, what: bigint) => {
    const pull = encode('transferFrom', safe.address, thief, what)
    return put(`${callOf(of, pull)} @rest JUMPI 0x00 0x00 REVERT :rest STOP`)
  }
  const toToken = (functionName: string, ...args: unknown[]) =>
    [token, encode(functionName, ...args)] as [Hex, Hex]
  const own = () => safe.address

  test.each<[string, () => [Hex, Hex][]]>([
    ['nothing', () => []],
    ['a transfer to itself', () => [toToken('transfer', own(), amount)]],
    [
      'a transfer from itself to itself',
      () => [
        toToken('approve', own(), amount),
        toToken('transferFrom', own(), own(), amount),
      ],
    ],
    [
      'an approval that is taken back',
      () => [toToken('approve', payee, amount), toToken('approve', payee, 0n)],
    ],
    [
      'an approval that is made less again',
      () => [
        toToken('increaseAllowance', payee, amount),
        toToken('decreaseAllowance', payee, amount),
      ],
    ],
    [
      'an approval of another spender',
      () => [toToken('approve', payee, amount)],
    ],
  ])('does not hide behind %s', async (_, before) => {
    await asSafe(token, encode('approve', called, amount))
    await take(token, amount)
    const given = batch(...before(), [called, deposit])
    expect(await findings(given)).toEqual(['balance'])
  })

  test('is not one that the approval of its spender says', async () => {
    await asSafe(token, encode('approve', called, 0n))
    const approve = (units: bigint) =>
      batch(toToken('approve', called, units), [called, deposit])
    await take(token, amount)
    expect(await findings(approve(amount))).toEqual([])
    expect(await findings(approve(amount * 2n))).toEqual([])
    const more = toToken('increaseAllowance', called, amount)
    expect(await findings(batch(more, [called, deposit]))).toEqual([])
  })

  test("does not hide behind Permit2's functions elsewhere", async () => {
    await asSafe(token, encode('approve', called, amount))
    await take(token, amount)
    const permit2 = parseAbi([
      'function approve(address token, address spender, uint160 amount, uint48 expiration)',
    ])
    const data = encodeFunctionData({
      abi: permit2,
      args: [token, payee, amount, 1],
    })
    expect(await findings({ data })).toEqual(['balance'])
  })

  test("is one that Permit2's approval says, if it was spent", async () => {
    const permit2: Hex = '0x000000000022d473030f116ddee9f6b43ac78ba3'
    await asSafe(token, encode('approve', permit2, amount))
    const pull = encode('transferFrom', safe.address, thief, amount)
    const keep = (spent: string) =>
      put(
        `0x00 CALLDATALOAD 0xe0 SHR
        DUP1 0x87517c45 EQ @approve JUMPI
        0x927da105 EQ @allowance JUMPI
        ${callOf(token, pull)} POP ${spent} STOP
        :approve 0x44 CALLDATALOAD 0x00 SSTORE STOP
        :allowance 0x00 SLOAD 0x00 MSTORE 0x60 0x00 RETURN`,
        permit2,
      )
    await put(`${callOf(permit2, encode('flag'))} STOP`)
    const data = encodeFunctionData({
      abi: parseAbi([
        'function approve(address token, address spender, uint160 amount, uint48 expiration)',
      ]),
      args: [token, called, amount, 1],
    })
    const given = batch([permit2, data], [called, deposit])
    await keep('0x00 0x00 SSTORE')
    expect(await findings(given)).toEqual([])
    await keep('')
    expect(await findings(given)).toEqual(['balance'])
  })

  test('does not hide behind another piece', async () => {
    const args = ['Piece', 'PCE', 'https://example.org/']
    const piece = (
      await deployOpenZeppelin(chain, 'ERC721PresetMinterPauserAutoId', args)
    ).toLowerCase() as Hex
    for (let id = 0; id < 8; id++)
      await chain.send({ to: piece, data: encode('mint', safe.address) })
    await asSafe(piece, encode('setApprovalForAll', called, true))
    await take(piece, 7n)
    for (const says of [
      encode('transferFrom', own(), payee, 5n),
      encode('safeTransferFrom', own(), payee, 5n),
      encode('approve', payee, 5n),
      encode('transferFrom', own(), own(), 5n),
      encode('transferFrom', own(), own(), 7n),
    ]) {
      const given = batch([piece, says], [called, deposit])
      expect(await findings(given)).toEqual(['balance'])
    }
    const said = batch(
      [piece, encode('approve', called, 7n)],
      [called, deposit],
    )
    expect(await findings(said)).toEqual([])
  })
})

test('a token that says it is a collection gets no unlimited approval', async () => {
  const approved = toEventSelector('Approval(address,address,uint256)')
  await put(`0x00 CALLDATALOAD 0xe0 SHR
    DUP1 0x01ffc9a7 EQ @supports JUMPI
    DUP1 0x18160ddd EQ @supply JUMPI
    0x095ea7b3 EQ @approve JUMPI STOP
    :supply 0x03e8 0x00 MSTORE 0x20 0x00 RETURN
    :supports 0x04 CALLDATALOAD 0xe0 SHR
    0x80ac58cd EQ 0x00 MSTORE 0x20 0x00 RETURN
    :approve 0x24 CALLDATALOAD 0x00 MSTORE
    0x04 CALLDATALOAD CALLER ${approved} 0x20 0x00 LOG3
    0x01 0x00 MSTORE 0x20 0x00 RETURN`)
  const approve = (amount: bigint, spender = payee) =>
    [called, encode('approve', spender, amount)] as const
  for (const [calls, found] of [
    [[approve(2n ** 256n - 1n)], ['unlimited-approval']],
    // The token says that there are 1000 of it.
    [[approve(1000n)], ['unlimited-approval']],
    [[approve(500n), approve(500n, thief)], ['unlimited-approval']],
    [[approve(500n), approve(999n)], []],
  ] as const)
    expect(await findings(batch(...calls))).toEqual(found)
  const rules: Danger.Rules = { open: ['unlimited-approval'] }
  const [, data] = approve(1000n)
  expect(await findings({ data }, rules)).toEqual([])
})
