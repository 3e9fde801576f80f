import {
  concat,
  encodeFunctionData,
  getAddress,
  type Hex,
  parseAbi,
  toEventSelector,
  toHex,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeMultiSend } from '../../packages/guard/src/calls/index.js'
import {
  type Danger,
  Proposal,
  readState,
  review,
  SafeTransaction,
} from '../../packages/safe/src/index.js'
import { assemble } from '../support/assemble.js'
import { openSafeChain, type SafeChain } from '../support/safe/openSafeChain.js'
import { createOwners, openSafe } from '../support/safe/owners.js'
import { safeContracts } from '../support/safe/safeContracts.js'
import { deployOpenZeppelin } from '../support/safe/testContracts.js'
import { sampled } from '../support/sampled.js'

const abi = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function decreaseAllowance(address spender, uint256 less)',
  'function mint(address to)',
  'function mint(address to, uint256 id, uint256 amount, bytes data)',
  'function transferOwnership(address newOwner)',
  'function multicall(bytes[] data)',
  'function transferAndCall(address to, uint256 amount, bytes data)',
  'function approveAndCall(address spender, uint256 amount, bytes data)',
  'function safeTransferFrom(address from, address to, uint256 id, bytes data)',
  'function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data)',
  'function safeBatchTransferFrom(address from, address to, uint256[] ids, uint256[] amounts, bytes data)',
])
const encode = (functionName: string, ...args: unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)
const payee: Hex = `0x${'aa'.repeat(20)}`
const thief: Hex = `0x${'bd'.repeat(20)}`
const max = 2n ** 256n - 1n
const supply = 10n ** 24n
const batcher = safeContracts('1.4.1').multiSendCallOnly.address
const lower = (hex: Hex) => hex.toLowerCase() as Hex

let chain: SafeChain
let safe: Awaited<ReturnType<typeof openSafe>>
let token: Hex
let piece: Hex
let pieces: Hex
let proxyAdmin: Hex
beforeAll(async () => {
  chain = await openSafeChain()
  const owners = await createOwners(3)
  safe = await openSafe(chain, { owners: owners.map((one) => one.address) })
  const deploy = async (...of: Parameters<typeof deployOpenZeppelin>) =>
    lower(await deployOpenZeppelin(...of))
  const { operator } = chain
  const of20 = ['Test', 'TST', supply, operator]
  token = await deploy(chain, 'ERC20PresetFixedSupply', of20)
  const of721 = ['Piece', 'PCE', 'https://example.org/']
  piece = await deploy(chain, 'ERC721PresetMinterPauserAutoId', of721)
  pieces = await deploy(chain, 'ERC1155PresetMinterPauser', of721.slice(2))
  proxyAdmin = await deploy(chain, 'ProxyAdmin')
  const { address } = safe
  await chain.send({ to: token, data: encode('transfer', address, 10n ** 20n) })
  for (let id = 0; id < 3; id++)
    await chain.send({ to: piece, data: encode('mint', chain.operator) })
  for (const id of [0n, 1n, 2n])
    await chain.send({
      to: piece,
      data: encodeFunctionData({
        abi: parseAbi(['function transferFrom(address,address,uint256)']),
        args: [chain.operator, address, id],
      }),
    })
})
afterAll(() => chain?.close())

async function look(
  given: Partial<SafeTransaction.SafeTransaction>,
  rules: Danger.Rules = {},
) {
  const { nonce } = await readState(safe.rpc, safe.domain)
  const transaction = SafeTransaction.create({ to: payee, nonce, ...given })
  return review(safe.domain, transaction, { ...safe.review, rules })
}
const findings = async (...given: Parameters<typeof look>) =>
  (await look(...given)).findings.map(({ danger }) => danger)

type Log = { topics: readonly (Hex | 'caller')[]; data?: bigint }

/** A contract that logs this whatever it is asked; `caller` is who calls it. */
async function deployLogger(...logs: readonly Log[]) {
  const code = concat(
    logs.flatMap(({ topics, data = 0n }) => [
      ...(['0x7f', toHex(data, { size: 32 }), '0x600052'] as const),
      ...topics
        .map((one): Hex => (one === 'caller' ? '0x33' : concat(['0x7f', one])))
        .reverse(),
      ...(['0x60206000', toHex(0xa0 + topics.length)] as const),
    ]),
  )
  const size = toHex((code.length - 2) / 2, { size: 2 })
  const creator = concat([
    '0x61',
    size,
    '0x600e600039',
    '0x61',
    size,
    '0x6000f3',
  ])
  return lower(await chain.deploy(concat([creator, code])))
}
/** Writes slot 0, but where the first owner of the Safe began it. */
async function deployOriginWatcher() {
  const { owners } = await readState(safe.rpc, safe.domain)
  const code = assemble(`
    0x${(owners[0] as Hex).slice(2)} ORIGIN EQ @rest JUMPI
    0x01 0x00 SSTORE
    :rest STOP`)
  const size = toHex((code.length - 2) / 2, { size: 1 })
  const creator = assemble(`${size} 0x0c 0x00 CODECOPY ${size} 0x00 RETURN`)
  return lower(await chain.deploy(concat([creator, code])))
}
const word = (address: Hex): Hex => `0x${address.slice(2).padStart(64, '0')}`

describe('at an address whose unknown calls are opened', () => {
  test.each<[string, Danger.Danger, () => [Hex, Hex]]>([
    [
      'an ownership',
      'ownership',
      () => [proxyAdmin, encode('transferOwnership', thief)],
    ],
    [
      'an approval',
      'unlimited-approval',
      () => [token, encode('approve', thief, max)],
    ],
    [
      'an ownership in a multicall',
      'ownership',
      () => [
        proxyAdmin,
        encode('multicall', [encode('transferOwnership', thief)]),
      ],
    ],
  ])("bytes behind a known call don't hide %s", async (_, danger, give) => {
    const [to, data] = give()
    const rules = { openCalls: [to] }
    for (const hidden of [`${data}00`, `${data}${'00'.repeat(32)}`] as const)
      expect(await findings({ to, data: hidden }, rules)).toContain(
        'unknown-call',
      )
    expect(await findings({ to, data }, rules)).toContain(danger)
  })

  test.each<[string, Danger.Danger, (Hex | 'caller')[], bigint]>([
    [
      'an approval',
      'unlimited-approval',
      [
        toEventSelector('Approval(address,address,uint256)'),
        'caller',
        word(thief),
      ],
      max,
    ],
    [
      'an approval of the smallest amount',
      'unlimited-approval',
      [
        toEventSelector('Approval(address,address,uint256)'),
        'caller',
        word(thief),
      ],
      1n,
    ],
    [
      'one of a piece',
      'unlimited-approval',
      [
        toEventSelector('Approval(address,address,uint256)'),
        'caller',
        word(thief),
        word('0x05'),
      ],
      0n,
    ],
    [
      'all of a collection',
      'unlimited-approval',
      [
        toEventSelector('ApprovalForAll(address,address,bool)'),
        'caller',
        word(thief),
      ],
      1n,
    ],
    [
      'an operator',
      'unlimited-approval',
      [
        toEventSelector('AuthorizedOperator(address,address)'),
        word(thief),
        'caller',
      ],
      0n,
    ],
    [
      'an ownership',
      'ownership',
      [
        toEventSelector('OwnershipTransferred(address,address)'),
        'caller',
        word(thief),
      ],
      0n,
    ],
  ])('%s that only the log tells is found', async (_, danger, topics, data) => {
    const to = await deployLogger({ topics, data })
    expect(
      await findings({ to, data: '0x12345678' }, { openCalls: [to] }),
    ).toEqual([danger])
  })

  test('a piece does not make up for another of its collection', async () => {
    const transfer = toEventSelector('Transfer(address,address,uint256)')
    const id = (value: bigint) => toHex(value, { size: 32 })
    const gain: Log = { topics: [transfer, word(thief), 'caller', id(9n)] }
    const lose: Log = { topics: [transfer, 'caller', word(thief), id(1n)] }
    const back: Log = { topics: [transfer, word(thief), 'caller', id(1n)] }
    for (const [logs, found] of [
      [[gain], []],
      [[lose], ['balance']],
      [[gain, lose], ['balance']],
      [[lose, gain, back], []],
    ] as const) {
      const to = await deployLogger(...logs)
      const rules = { openCalls: [to] }
      expect(await findings({ to, data: '0x12345678' }, rules)).toEqual(found)
    }
  })
})

describe("bytes for a recipient that acts in the Safe's name", () => {
  const bytes: Hex = `0x${'12'.repeat(40)}`
  test.each<[string, () => [Hex, Hex]]>([
    [
      'transferAndCall',
      () => [token, encode('transferAndCall', payee, 1n, bytes)],
    ],
    [
      'approveAndCall',
      () => [token, encode('approveAndCall', payee, 1n, bytes)],
    ],
    [
      'a piece',
      () => [piece, encode('safeTransferFrom', safe.address, payee, 1n, bytes)],
    ],
    [
      'pieces',
      () => [
        pieces,
        encode('safeTransferFrom', safe.address, payee, 1n, 1n, bytes),
      ],
    ],
    [
      'many',
      () => [
        pieces,
        encode('safeBatchTransferFrom', safe.address, payee, [1n], [1n], bytes),
      ],
    ],
  ])('are unknown: %s', async (_, give) => {
    const [to, data] = give()
    expect(await findings({ to, data })).toContain('unknown-call')
    const opened = await look({ to, data }, { openCalls: [payee] })
    expect(opened.findings.map(({ danger }) => danger)).not.toContain(
      'unknown-call',
    )
  })
})

describe('an approval', () => {
  test('of all that there is of a token is one without end', async () => {
    const data = encode('approve', thief, supply)
    expect(await findings({ to: token, data })).toEqual(['unlimited-approval'])
    const less = encode('approve', thief, supply - 1n)
    expect(await findings({ to: token, data: less })).toEqual([])
  })
  test('that becomes less is not one that is given', async () => {
    const { call } = chain.anvil
    await call('anvil_impersonateAccount', [safe.address])
    const data = encode('approve', payee, max)
    const sent = { from: safe.address, to: token, data }
    await call('eth_sendTransaction', [sent])
    const less = encode('decreaseAllowance', payee, 5n)
    expect(await findings({ to: token, data: less })).toEqual([])
    const more = await deployLogger({
      topics: [
        toEventSelector('Approval(address,address,uint256)'),
        'caller',
        word(payee),
      ],
      data: max,
    })
    expect(
      await findings({ to: more, data: '0x12345678' }, { openCalls: [more] }),
    ).toEqual(['unlimited-approval'])
  })
  test('of more than is said is refused, at an opened address too', async () => {
    const approved = toEventSelector('Approval(address,address,uint256)')
    const topics = [approved, 'caller', word(thief)] as const
    const data = encode('approve', thief, 7n)
    for (const [amount, found] of [
      [7n, []],
      [8n, ['unlimited-approval']],
      [2n ** 112n - 1n, ['unlimited-approval']],
    ] as const) {
      const to = await deployLogger({ topics, data: amount })
      expect(await findings({ to, data }, { openCalls: [to] })).toEqual(found)
    }
  })
  test('of one piece is not, whatever its number', async () => {
    const data = encode('approve', payee, 2n)
    expect(await findings({ to: piece, data })).toEqual([])
  })
})

describe('what is ordinary', () => {
  const calls = (...all: [Hex, Hex][]) => ({
    to: batcher,
    operation: 1 as const,
    data: encodeMultiSend(all.map(([to, data]) => ({ to, value: 0n, data }))),
  })
  test('single pieces, and several kinds of them at once', async () => {
    const { address } = safe
    for (const id of [5n, 6n]) {
      const data = encode('mint', chain.operator, id, 100n, '0x')
      await chain.send({ to: pieces, data })
    }
    const [ids, amounts] = [
      [5n, 6n],
      [10n, 20n],
    ]
    const given = encode(
      'safeBatchTransferFrom',
      chain.operator,
      address,
      ids,
      amounts,
      '0x',
    )
    expect(await chain.send({ to: pieces, data: given })).toMatchObject({
      status: '0x1',
    })
    const batch = encode(
      'safeBatchTransferFrom',
      address,
      payee,
      ids,
      amounts,
      '0x',
    )
    const one = encode('safeTransferFrom', address, payee, 1n, '0x')
    const some = encode('safeTransferFrom', address, payee, 5n, 3n, '0x')
    expect(await findings({ to: pieces, data: batch })).toEqual([])
    expect(await findings({ to: pieces, data: some })).toEqual([])
    expect(await findings({ to: piece, data: one })).toEqual([])
    expect(
      await findings(
        calls(
          [piece, one],
          [pieces, some],
          [token, encode('approve', payee, 5n)],
        ),
      ),
    ).toEqual([])
  })

  test('a hundred transactions of all kinds and sizes', async () => {
    const { address } = safe
    const to = (n: number) => toHex(2n ** 150n + BigInt(n), { size: 20 })
    const kinds: ((n: number) => { to: Hex; value: bigint; data: Hex })[] = [
      (n) => ({ to: to(n), value: BigInt(n) ** 5n, data: '0x' }),
      (n) => ({ to: to(n), value: 0n, data: '0x' }),
      ...[
        (n: number) => encode('transfer', to(n), BigInt(n) ** 6n),
        (n: number) => encode('approve', to(n), BigInt(n) ** 8n),
        (n: number) => encode('approve', to(n), 0n),
      ].map((data) => (n: number) => ({ to: token, value: 0n, data: data(n) })),
      (n) => ({
        ...{ to: piece, value: 0n },
        data: encode('safeTransferFrom', address, to(n), 2n, '0x'),
      }),
      (n) => ({
        ...{ to: piece, value: 0n },
        data: encode('approve', to(n), 2n),
      }),
    ]
    // Every ninth has each kind alone, and some with others.
    for (const n of sampled([...Array(100).keys()], 9)) {
      const kind = (at: number) => kinds[at % kinds.length] as (typeof kinds)[0]
      const size = n < 60 ? 1 : n === 99 ? 100 : 2 + (n % 9)
      // A piece is there to be sent once.
      const pick = (at: number) => (size > 1 ? kind(at % 5)(at) : kind(at)(at))
      const all = Array.from({ length: size }, (_, at) => pick(n + at))
      const [first] = all
      const given =
        size === 1
          ? first
          : { to: batcher, operation: 1 as const, data: encodeMultiSend(all) }
      expect([n, await findings({ ...given })]).toEqual([n, []])
    }
  })
})

test('what begins a simulation is no contract, though all owners are', async () => {
  const owned = await openSafe(chain, { owners: [token, piece], threshold: 2 })
  const { rpc, domain } = owned
  const { nonce } = await readState(rpc, domain)
  const transaction = SafeTransaction.create({ to: payee, value: 1n, nonce })
  const began: unknown[] = []
  const request: typeof rpc.request = (method, params, options) => {
    const sent = JSON.stringify(params)
    if (method === 'eth_simulateV1' || method === 'debug_traceCall')
      began.push(...(sent.match(/(?<="from":")0x[0-9a-f]{40}/g) ?? []))
    return rpc.request(method, params, options)
  }
  const seen = await review(domain, transaction, {
    ...owned.review,
    rpc: { ...rpc, request },
  })
  expect(seen.findings).toEqual([])
  expect(seen.simulation?.failure).toBeUndefined()
  expect(began.length).toBeGreaterThan(1)
  for (const address of began)
    expect(await rpc.request('eth_getCode', [address, 'latest'])).toBe('0x')
})

test("code can't tell by its origin that it is only tried", async () => {
  const steal = await deployOriginWatcher()
  const data: Hex = '0x12345678'
  const theft = { to: steal, operation: 1 as const, data }
  const rules = { open: ['delegatecall', 'unknown-call'] as const }
  expect(await findings(theft, rules)).toContain('storage')
})

test('an address may come with its checksum', async () => {
  const to = getAddress(safe.address)
  expect(await findings({ to, value: 1n })).toContain('self-call')
  const { nonce } = await readState(safe.rpc, safe.domain)
  const logger = await deployLogger({
    topics: [
      toEventSelector('Transfer(address,address,uint256)'),
      'caller',
      word(thief),
    ],
    data: 5n,
  })
  const call = SafeTransaction.create({ to: logger, data: '0x12345678', nonce })
  const rules = { openCalls: [logger] }
  const domain = { ...safe.domain, safe: to }
  const seen = await review(domain, call, { ...safe.review, rules })
  expect(seen.findings.map(({ danger }) => danger)).toEqual(['balance'])
})

test('a bundle of another chain stays one of that chain', async () => {
  const { domain } = safe
  const transaction = SafeTransaction.create({ to: payee, nonce: 0n })
  const { safeTxHash: _, ...bundle } = Proposal.toBundle(
    Proposal.create({ ...domain, chainId: 5 }, transaction),
  )
  const read = await Proposal.fromBundle(bundle, { chainId: 31337 })
  expect(read.domain.chainId).toBe(5)
  const { chainId: __, ...without } = bundle
  expect(
    (await Proposal.fromBundle(without, { chainId: 31337 })).domain.chainId,
  ).toBe(31337)
})
