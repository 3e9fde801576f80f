import {
  encodeFunctionData,
  type Hex,
  parseAbi,
  parseEther,
  parseGwei,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../startAnvil.js'
import { soak } from '../tools.js'
import { gasPriceOracle } from './opLike.js'
import { firstOf, refuse, type StandIn } from './serveNode.js'
import { type NodeKind, startNode } from './startNode.js'

// One chain for all, with blocks when a test wants one; each test has an account
// of its own.
let anvil: Anvil
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  anvil = await startAnvil(['--no-mining'])
})
afterAll(() => anvil.stop())
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function start<kind extends NodeKind>(
  kind: kind,
  options?: Parameters<typeof startNode<kind>>[2],
) {
  const node = await startNode(kind, anvil, options)
  closers.push(() => node.close())
  return node
}

async function ask(url: string, method: string, params: unknown[] = []) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }),
  })
  const { id, result, error } = Object(await response.json())
  expect(id).toBe(7)
  return error === undefined ? result : `${error.code} ${error.message}`
}

const payee = `0x${'ab'.repeat(20)}` as Hex

async function createAccount(balance = '10') {
  const account = privateKeyToAccount(generatePrivateKey())
  const address = account.address.toLowerCase()
  await anvil.setBalance(address, parseEther(balance))
  const sign = (
    nonce: number,
    fees: { max: string; tip?: string },
    more: { value?: bigint; gas?: bigint } = {},
  ) => {
    const base = {
      chainId: 31_337,
      nonce,
      to: payee,
      value: 1n,
      gas: 21_000n,
      ...more,
    }
    const max = parseGwei(fees.max)
    return fees.tip === undefined
      ? account.signTransaction({ ...base, type: 'legacy', gasPrice: max })
      : account.signTransaction({
          ...base,
          type: 'eip1559',
          maxFeePerGas: max,
          maxPriorityFeePerGas: parseGwei(fees.tip),
        })
  }
  /** Names a blob and brings none: no node would take it, all can read it. */
  const signBlob = (nonce: number) =>
    account.signTransaction({
      type: 'eip4844',
      chainId: 31_337,
      nonce,
      to: payee,
      gas: 21_000n,
      maxFeePerGas: parseGwei('9'),
      maxPriorityFeePerGas: parseGwei('1'),
      maxFeePerBlobGas: parseGwei('9'),
      blobVersionedHashes: [`0x01${'ab'.repeat(31)}`],
    })
  return { address, sign, signBlob }
}

const mine = () => anvil.call('anvil_mine', ['0x1'])
const send = (node: { url: string }, raw: string) =>
  ask(node.url, 'eth_sendRawTransaction', [raw])
const history = (url: string) =>
  ask(url, 'eth_feeHistory', ['0x2', 'latest', [20, 50]])

describe('pools that want more than blocks show', () => {
  test('bor-like', async () => {
    const node = await start('bor-like')
    const { sign } = await createAccount()
    expect(await send(node, await sign(0, { max: '90', tip: '24' }))).toBe(
      '-32000 transaction gas price below minimum: gas tip cap 24000000000, minimum needed 25000000000',
    )
    expect(await send(node, await sign(0, { max: '90', tip: '25' }))).toMatch(
      /^0x[0-9a-f]{64}$/,
    )
    await mine()
    const { reward } = await history(node.url)
    expect(new Set(reward.flat())).toEqual(new Set(['0x59682f00']))
    expect(await ask(node.url, 'eth_maxPriorityFeePerGas')).toBe('0x5d21dba00')
    const { baseFeePerGas } = await ask(node.url, 'eth_getBlockByNumber', [
      'latest',
      false,
    ])
    expect(BigInt(await ask(node.url, 'eth_gasPrice'))).toBe(
      BigInt(baseFeePerGas) + parseGwei('25'),
    )
  })

  test('bsc-like', async () => {
    const node = await start('bsc-like')
    const { sign } = await createAccount()
    expect(await send(node, await sign(0, { max: '9', tip: '0.9' }))).toBe(
      '-32000 transaction underpriced',
    )
    expect(await send(node, await sign(0, { max: '9', tip: '1' }))).toMatch(
      /^0x/,
    )
  })

  test('empty-blocks', async () => {
    const node = await start('empty-blocks')
    const { sign } = await createAccount()
    await mine()
    const { reward, gasUsedRatio } = await history(node.url)
    expect(new Set([...reward.flat(), ...gasUsedRatio])).toEqual(
      new Set(['0x0', 0]),
    )
    expect(await ask(node.url, 'eth_maxPriorityFeePerGas')).toBe('0x3b9aca00')
    expect(
      await send(node, await sign(0, { max: '9', tip: '0.000000001' })),
    ).toBe(
      '-32000 transaction underpriced: tip needed 1000000000, tip permitted 1',
    )
  })

  test('moonbeam-like', async () => {
    const node = await start('moonbeam-like')
    const { sign } = await createAccount()
    expect(await send(node, await sign(0, { max: '100', tip: '2' }))).toBe(
      '-32603 insufficient funds for gas * price + value',
    )
    expect(BigInt(await ask(node.url, 'eth_gasPrice'))).toBe(parseGwei('125'))
    expect(await send(node, await sign(0, { max: '125', tip: '2' }))).toMatch(
      /^0x/,
    )
  })
})

describe('chains without a base fee', () => {
  test.each([
    [
      'metis-like',
      '18',
      '23',
      '-32000 gas price too low: 19800000000 wei, use at least tx.gasPrice = 23000000000 wei',
    ],
    [
      'cosmos-like',
      '20',
      '25',
      '-32000 provided fee < minimum global fee (415800000000000aphoton < 525000000000000aphoton). Please increase the gas price.: insufficient fee',
    ],
  ] as const)('%s', async (kind, told, least, refusal) => {
    const node = await start(kind)
    const { sign } = await createAccount()
    expect(BigInt(await ask(node.url, 'eth_gasPrice'))).toBe(parseGwei(told))
    const block = await ask(node.url, 'eth_getBlockByNumber', ['latest', false])
    expect(block.baseFeePerGas).toBe(undefined)
    expect(await history(node.url)).toMatch(/^-32601 /)
    expect(await ask(node.url, 'eth_maxPriorityFeePerGas')).toMatch(/^-32601 /)
    expect(await send(node, await sign(0, { max: '90', tip: '30' }))).toBe(
      '-32000 transaction type not supported',
    )
    expect(await send(node, await sign(0, { max: '19.8' }))).toBe(refusal)
    expect(await send(node, await sign(0, { max: least }))).toMatch(/^0x/)
  })
})

test('op-like', async () => {
  const node = await start('op-like', { dataFee: parseEther('0.01') })
  const { address, sign } = await createAccount('1')
  const data = encodeFunctionData({
    abi: parseAbi(['function getL1FeeUpperBound(uint256) returns (uint256)']),
    args: [120n],
  })
  const oracle = { to: gasPriceOracle, data }
  const told = await ask(node.url, 'eth_call', [oracle, 'latest'])
  expect(BigInt(told)).toBe(parseEther('0.01'))
  const gas = 21_000n * parseGwei('5')
  const value = parseEther('1') - gas - parseEther('0.01')
  const fees = { max: '5', tip: '1' }
  expect(await send(node, await sign(0, fees, { value: value + 1n }))).toBe(
    '-32000 insufficient funds for gas * price + value + l1 cost: balance 1000000000000000000, tx cost 1000000000000000001, overshot 1',
  )
  expect(await send(node, await sign(0, fees, { value }))).toMatch(/^0x/)
  node.setDataFee(parseEther('0.02'))
  await anvil.setBalance(address, parseEther('1'))
  expect(await send(node, await sign(1, fees, { value }))).toMatch(/l1 cost/)
})

test('banned-bytes', async () => {
  const node = await start('banned-bytes')
  const { sign } = await createAccount()
  const low = await sign(0, { max: '9', tip: '0.1' })
  expect(await send(node, low)).toBe(
    '-32000 gas price less than block base fee',
  )
  expect(await send(node, low)).toBe('1012 Transaction is temporarily banned')
  node.pardon()
  expect(await send(node, low)).toBe(
    '-32000 gas price less than block base fee',
  )
  // Other bytes for the same nonce.
  expect(await send(node, await sign(0, { max: '9', tip: '1' }))).toMatch(/^0x/)

  const known = await start('banned-bytes', { says: 'already known' })
  await send(known, low)
  expect(await send(known, low)).toBe('-32000 already known')
})

test('delegated-account', async () => {
  const node = await start('delegated-account')
  const { address, sign } = await createAccount()
  expect(await ask(node.url, 'eth_getCode', [address, 'latest'])).toMatch(
    /^0xef0100/,
  )
  const fees = { max: '9', tip: '1' }
  expect(await send(node, await sign(1, fees))).toBe(
    '-32000 gapped-nonce tx from delegated accounts',
  )
  expect(await send(node, await sign(0, fees))).toMatch(/^0x/)
  expect(await send(node, await sign(1, fees))).toBe(
    '-32000 in-flight transaction limit reached for delegated accounts',
  )
  expect(await send(node, await sign(0, { max: '20', tip: '2' }))).toMatch(
    /^0x/,
  )
  await mine()
  expect(await send(node, await sign(1, fees))).toMatch(/^0x/)
})

test('no-status', async () => {
  const node = await start('no-status')
  const { sign } = await createAccount()
  const hash = await send(node, await sign(0, { max: '9', tip: '1' }))
  const get = () => ask(node.url, 'eth_getTransactionReceipt', [hash])
  expect(await get()).toBe(null)
  await mine()
  const receipt = await get()
  expect(receipt).toMatchObject({ transactionHash: hash })
  expect(receipt).not.toHaveProperty('status')
})

test('no-fee-history', async () => {
  const node = await start('no-fee-history')
  expect(await history(node.url)).toBe(
    '-32601 the method eth_feeHistory does not exist/is not available',
  )
  const block = await ask(node.url, 'eth_getBlockByNumber', ['latest', false])
  expect(block.baseFeePerGas).toMatch(/^0x/)
})

test('strict-pool', async () => {
  const node = await start('strict-pool')
  const { sign } = await createAccount()
  const first = await sign(0, { max: '10', tip: '1' })
  expect(await send(node, first)).toMatch(/^0x/)
  expect(await send(node, first)).toBe('-32000 already known')
  const underpriced = '-32000 replacement transaction underpriced'
  for (const [max, tip] of [
    ['10.000000001', '1.000000001'],
    ['11', '1.09'],
    ['10.9', '2'],
  ] as const)
    expect(await send(node, await sign(0, { max, tip }))).toBe(underpriced)
  expect(await send(node, await sign(0, { max: '11', tip: '1.1' }))).toMatch(
    /^0x/,
  )
  await mine()
  expect(await send(node, first)).toBe(
    '-32000 nonce too low: next nonce 1, tx nonce 0',
  )
})

test('lagging-pair', async () => {
  const node = await start('lagging-pair', { blocks: 2 })
  const [fresh = '', lagging = ''] = node.urls
  const { address, sign } = await createAccount()
  const hash = await send(node, await sign(0, { max: '9', tip: '1' }))
  await mine()
  const state = async (url: string) => ({
    count: await ask(url, 'eth_getTransactionCount', [address, 'latest']),
    isMined: (await ask(url, 'eth_getTransactionReceipt', [hash])) !== null,
    isInBlock:
      (await ask(url, 'eth_getTransactionByHash', [hash])).blockNumber !== null,
  })
  const mined = { count: '0x1', isMined: true, isInBlock: true }
  const not = { count: '0x0', isMined: false, isInBlock: false }
  expect(await state(fresh)).toEqual(mined)
  expect(await state(lagging)).toEqual(not)
  const [head, old] = await Promise.all(
    [fresh, lagging].map((url) => ask(url, 'eth_blockNumber')),
  )
  expect(Number(head) - Number(old)).toBe(2)
  expect(await ask(lagging, 'eth_getBlockByNumber', [head, false])).toBe(null)
  node.setLag(0)
  expect(await state(lagging)).toEqual(mined)
})

test('disagreeing-pair', async () => {
  const node = await start('disagreeing-pair')
  const { sign } = await createAccount()
  const hash = await send(node, await sign(0, { max: '9', tip: '1' }))
  await mine()
  const [one, two] = await Promise.all(
    node.urls.map(async (url) => {
      const receipt = await ask(url, 'eth_getTransactionReceipt', [hash])
      const { blockNumber: number, blockHash, status } = receipt
      const block = await ask(url, 'eth_getBlockByNumber', [number, false])
      return { number, blockHash, status, isSame: block.hash === blockHash }
    }),
  )
  expect(one?.status).toBe('0x1')
  expect(two?.status).toBe('0x0')
  expect(two?.number).toBe(one?.number)
  expect(two?.blockHash).not.toBe(one?.blockHash)
  // Each story is sound in itself.
  expect([one?.isSame, two?.isSame]).toEqual([true, true])
})

test('external-use-liar', async () => {
  const node = await start('external-use-liar')
  const { address, sign } = await createAccount()
  await mine()
  await node.lie(address, 0)
  const count = (at: string) =>
    ask(node.url, 'eth_getTransactionCount', [address, at])
  const head = Number(await ask(node.url, 'eth_blockNumber'))
  expect(await count('latest')).toBe('0x1')
  expect(await count(`0x${(head - 1).toString(16)}`)).toBe('0x0')
  const { transactions } = await ask(node.url, 'eth_getBlockByNumber', [
    `0x${head.toString(16)}`,
    true,
  ])
  const invented = transactions.at(-1)
  expect(invented).toMatchObject({ from: address, nonce: '0x0' })
  for (const method of [
    'eth_getTransactionReceipt',
    'eth_getRawTransactionByHash',
  ])
    expect(await ask(node.url, method, [invented.hash])).toBe(null)
  const hash = await send(node, await sign(0, { max: '9', tip: '1' }))
  await mine()
  expect(await anvil.count(address)).toBe(0)
  await node.release()
  await mine()
  expect(await anvil.receipt(hash)).toMatchObject({ status: '0x1' })
})

test('receipt-liar', async () => {
  const node = await start('receipt-liar')
  const { address, sign } = await createAccount()
  const hash = await send(node, await sign(0, { max: '9', tip: '1' }))
  const receipt = await ask(node.url, 'eth_getTransactionReceipt', [hash])
  expect(receipt).toMatchObject({ transactionHash: hash, status: '0x1' })
  const { blockHash, blockNumber } = receipt
  const block = await ask(node.url, 'eth_getBlockByNumber', [
    blockNumber,
    false,
  ])
  expect(block.hash).toBe(blockHash)
  await mine()
  expect(await ask(node.url, 'eth_getTransactionReceipt', [hash])).toEqual(
    receipt,
  )
  const params = [address, 'latest']
  expect(await ask(node.url, 'eth_getTransactionCount', params)).toBe('0x1')
  expect(await anvil.count(address)).toBe(0)
})

test('withholder', async () => {
  const node = await start('withholder')
  const { address, sign } = await createAccount()
  const hash = await send(node, await sign(0, { max: '9', tip: '1' }))
  expect(node.kept()).toEqual([hash])
  await mine()
  expect(await anvil.count(address)).toBe(0)
  await node.release()
  await mine()
  expect(await anvil.count(address)).toBe(1)
})

test('public-node', async () => {
  const node = await start('public-node')
  const { address, sign } = await createAccount()
  const raw = await sign(0, { max: '9', tip: '1' })
  expect(await send(node, raw)).toMatch(/^-32000 /)
  expect(await ask(node.url, 'eth_call', [{ data: raw }])).toMatch(/^-32000 /)
  expect(node.leaks).toEqual(['eth_sendRawTransaction', 'eth_call'])
  const hash = await send(anvil, raw)
  const get = () => ask(node.url, 'eth_getTransactionByHash', [hash])
  const count = () =>
    ask(node.url, 'eth_getTransactionCount', [address, 'pending'])
  expect([await get(), await count()]).toEqual([null, '0x0'])
  await mine()
  expect([(await get()).hash, await count()]).toEqual([hash, '0x1'])
  expect(node.leaks).toHaveLength(2)
})

test('lagging-balancer', async () => {
  const node = await start('lagging-balancer', { blocks: 1 })
  await mine()
  const heads = await Promise.all(
    ['1', '2', '3', '4'].map(() => ask(node.url, 'eth_blockNumber')),
  )
  expect(new Set(heads.map(Number)).size).toBe(2)
})

test('rate-limited', async () => {
  const node = await start('rate-limited', { every: 2 })
  expect(await ask(node.url, 'eth_chainId')).toBe('0x7a69')
  expect(await ask(node.url, 'eth_chainId')).toBe('-32005 limit exceeded')
  expect(await ask(node.url, 'eth_chainId')).toBe('0x7a69')
})

test('gas-cap', async () => {
  const node = await start('gas-cap')
  const { sign } = await createAccount()
  const fees = { max: '9', tip: '1' }
  expect(await send(node, await sign(0, fees, { gas: 2n ** 24n + 1n }))).toBe(
    '-32000 transaction gas limit too high (cap: 16777216, tx: 16777217)',
  )
  expect(await send(node, await sign(0, fees, { gas: 2n ** 24n }))).toMatch(
    /^0x/,
  )
})

test('full-pool', async () => {
  const node = await start('full-pool')
  const { sign } = await createAccount()
  const raw = await sign(0, { max: '9', tip: '1' })
  expect(await send(node, raw)).toBe('-32000 txpool is full')
  node.setFull(false)
  expect(await send(node, raw)).toMatch(/^0x/)
})

test('two-pools', async () => {
  const node = await start('two-pools')
  const { sign, signBlob } = await createAccount()
  const fees = { max: '9', tip: '1' }
  expect(await send(node, await sign(0, fees))).toMatch(/^0x/)
  expect(await send(node, await signBlob(1))).toBe(
    '-32000 address already reserved',
  )
  expect(await send(node, await sign(1, fees))).toMatch(/^0x/)
  await mine()
  // The pool is empty: what comes now is anvil's to judge, which takes seconds
  // for its first blob.
  if (soak) expect(await send(node, await signBlob(2))).not.toMatch(/reserved/)
})

test('stand-ins stand before each other', async () => {
  const pool = await start('strict-pool')
  const node = await startNode('bor-like', pool)
  closers.unshift(() => node.close())
  const { sign } = await createAccount()
  expect(await send(node, await sign(0, { max: '90', tip: '1' }))).toMatch(
    /minimum needed/,
  )
  expect(await send(node, await sign(0, { max: '90', tip: '25' }))).toMatch(
    /^0x/,
  )
  expect(await send(node, await sign(0, { max: '95', tip: '26' }))).toMatch(
    /replacement/,
  )
})

test('the first rule that answers decides', async () => {
  const rule = firstOf(
    () => undefined,
    () => refuse('second'),
    () => refuse('third'),
  )
  const { chain } = (await start('no-status')) as StandIn
  expect(await rule({ method: 'x', params: [] }, chain)).toEqual(
    refuse('second'),
  )
})
