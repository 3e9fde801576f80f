import { expect, test } from 'vitest'
import { createScheduler } from '../createScheduler.js'
import { createRandom } from '../random.js'
import * as TestKey from '../TestKey.js'
import { createMethods } from './createMethods.js'
import { createSimChain } from './createSimChain.js'
import * as Manners from './Manners.js'
import type { Refusal } from './Refusal.js'
import type { Hex } from './SimTransaction.js'

const gwei = 10n ** 9n
const chainId = 31337
const calmMs = 60_000

async function open(character: Manners.Character) {
  const random = createRandom(5)
  const scheduler = createScheduler(random)
  const key = await TestKey.open()
  const invented: string[] = []
  const manners = Manners.create(character, {
    invented: (hash) => invented.push(hash),
    ...{ random: random.fork(), scheduler, calmMs },
  })
  const chain = createSimChain({
    ...{ scheduler, manners, chainId, startNonce: 7, blockMs: 1000 },
    random: random.fork(),
    address: key.address,
    startBalance: 10n ** 18n,
    baseFee: 10n * gwei,
    tip: 2n * gwei,
    perBlock: 4,
    nodeCount: 2,
    finalizedDepth: 10,
  })
  const methods = chain.nodes.map((node) => createMethods(chain, node))
  const ask = async (method: string, params: unknown[] = [], of = 0) => {
    const [node, own] = [chain.nodes[of], methods[of]]
    try {
      if (node !== undefined) manners.before?.({ chain, node })
      return (await own?.[method]?.(params)) as never
    } catch (error) {
      return `refused: ${(error as Refusal).message}` as never
    }
  }
  const sign = (nonce: number, tip = 1n, isLegacy = false) => {
    const to = `0x${'ab'.repeat(20)}` as const
    const all = { chainId, nonce: BigInt(nonce), gas: 21_000n, to } as const
    const rest = { value: 5n, data: '0x' } as const
    const price = 40n * gwei
    const tips = { maxPriorityFeePerGas: tip * gwei, accessList: [] }
    return key.signTransaction(
      isLegacy
        ? { type: 'legacy', ...all, ...rest, gasPrice: tip * gwei }
        : { type: 'eip1559', ...all, ...rest, maxFeePerGas: price, ...tips },
      random,
    )
  }
  const send = async (raw: Promise<Hex>) =>
    ask('eth_sendRawTransaction', [await raw]) as Promise<string>
  const pass = async (ms: number) => {
    chain.start()
    scheduler.after(ms, scheduler.stop)
    await scheduler.run()
  }
  return { chain, ask, sign, send, pass, invented, key }
}

const history = ['0x5', 'latest', [20, 50]]
type History = { reward: string[][]; gasUsedRatio: number[] }

test.each([
  ['least tip', 24n, 25n, 'minimum needed 25000000000', '0x59682f00'],
  ['least tip, no figure', 4n, 5n, 'transaction underpriced', '0x2faf080'],
  ['empty blocks', 0n, 1n, 'tip needed 1000000000', '0x0'],
] as const)('%s', async (character, little, enough, words, shown) => {
  const { ask, send, sign } = await open(character)
  expect(await send(sign(7, little))).toMatch(words)
  expect(await send(sign(7, enough))).toMatch(/^0x/)
  const { reward }: History = await ask('eth_feeHistory', history)
  expect(new Set(reward.flat())).toEqual(new Set([shown]))
  expect(BigInt(await ask('eth_maxPriorityFeePerGas'))).toBe(enough * gwei)
})

test('price told as funds', async () => {
  const { ask, send, sign } = await open('price told as funds')
  expect(BigInt(await ask('eth_gasPrice'))).toBeGreaterThan(22n * gwei)
  expect(await send(sign(7, 21n, true))).toMatch('insufficient funds')
  expect(await send(sign(7, 23n, true))).toMatch(/^0x/)
})

test('banned bytes stay banned for a while, and others are taken', async () => {
  const { send, sign } = await open('banned bytes')
  const raw = sign(7, 1n)
  expect(await send(raw)).toMatch('less than block base fee')
  expect(await send(raw)).toMatch(/temporarily banned|already known/)
  expect(await send(sign(7, 2n))).toMatch(/^0x/)
})

test.each(['legacy, price told', 'legacy, fee told'] as const)(
  '%s',
  async (character) => {
    const { ask, send, sign } = await open(character)
    expect(await ask('eth_feeHistory', history)).toMatch('does not exist')
    const block: object = await ask('eth_getBlockByNumber', ['latest', false])
    expect(block).not.toHaveProperty('baseFeePerGas')
    expect(await send(sign(7))).toMatch('type not supported')
    const told = BigInt(await ask('eth_gasPrice')) / gwei
    expect(await send(sign(7, told, true))).toMatch(/too low|insufficient fee/)
    expect(await send(sign(7, told * 2n, true))).toMatch(/^0x/)
  },
)

test('the data fee is told, asked for and taken', async () => {
  const { ask, chain, pass, send, sign } = await open('data fee')
  const oracle = '0x420000000000000000000000000000000000000f'
  const data = `0xf1c7a58b${'00'.repeat(32)}`
  const fee = BigInt(await ask('eth_call', [{ to: oracle, data }]))
  expect(fee).toBeGreaterThan(0n)
  await send(sign(7))
  await pass(5000)
  expect(chain.head.nonce).toBe(8)
  expect(chain.head.balance).toBeLessThan(10n ** 18n - fee)
})

test('a delegated account has one transaction in the pool', async () => {
  const { send, sign } = await open('delegated account')
  expect(await send(sign(8))).toMatch('gapped-nonce')
  expect(await send(sign(7))).toMatch(/^0x/)
  expect(await send(sign(8))).toMatch('in-flight transaction limit')
})

test.each([
  ['pool full', 'txpool is full'],
  ['address reserved', 'address already reserved'],
] as const)('%s, until all is calm', async (character, words) => {
  const { pass, send, sign } = await open(character)
  expect(await send(sign(7))).toBe(`refused: ${words}`)
  await pass(calmMs)
  expect(await send(sign(7))).toMatch(/^0x/)
})

test('some calls are over the limit', async () => {
  const { ask } = await open('rate limited')
  const answers: string[] = []
  for (let call = 0; call < 240; call++)
    answers.push(await ask('eth_blockNumber'))
  const refused = answers.filter((one) => one === 'refused: limit exceeded')
  expect(refused.length).toBeGreaterThan(15)
  expect(refused.length).toBeLessThan(120)
})

test('lagging ones are behind', async () => {
  const { ask, chain } = await open('lagging pair')
  expect(Number(await ask('eth_blockNumber'))).toBe(chain.head.number)
  const behind = await ask('eth_blockNumber', [], 1)
  expect(Number(behind)).toBeLessThan(chain.head.number)
  const balancer = await open('lagging balancer')
  const both = [
    await balancer.ask('eth_blockNumber'),
    await balancer.ask('eth_blockNumber'),
  ].map(Number)
  expect(Math.max(...both)).toBe(balancer.chain.head.number)
  expect(Math.min(...both)).toBeLessThan(balancer.chain.head.number)
})

test('a receipt has no status, or another one at the other node', async () => {
  const mined = async (character: Manners.Character) => {
    const chain = await open(character)
    const hash = await chain.send(chain.sign(7))
    await chain.pass(5000)
    const receipt = (of: number) =>
      chain.ask('eth_getTransactionReceipt', [hash], of) as Promise<object>
    return [await receipt(0), await receipt(1)]
  }
  const [bare] = await mined('no status')
  expect(bare).not.toHaveProperty('status')
  expect(bare).toHaveProperty('root')
  const [one, other] = await mined('disagreeing pair')
  expect(one).toMatchObject({ status: '0x1' })
  expect(other).toMatchObject({ status: '0x0' })
})

test('a liar keeps what it is sent, says that it is mined, and lets go', async () => {
  const { ask, chain, invented, key, pass, send, sign } =
    await open('receipt liar')
  const hash = await send(sign(7))
  await pass(5000)
  expect(chain.head.nonce).toBe(7)
  const receipt = await ask('eth_getTransactionReceipt', [hash])
  expect(receipt).toMatchObject({ status: '0x1', transactionHash: hash })
  expect(await ask('eth_getTransactionReceipt', [hash], 1)).toBeNull()
  expect(await ask('eth_getTransactionCount', [key.address, 'latest'])).toBe(
    '0x8',
  )
  expect(invented).toContain(hash)
  chain.manners.calm?.(chain)
  await pass(5000)
  expect(chain.head.nonce).toBe(8)
})

test("another's use of a nonce is invented, in a block that there is", async () => {
  const { ask, chain, key, pass } = await open('external use liar')
  await pass(59_000)
  const count = () => ask('eth_getTransactionCount', [key.address, 'latest'])
  expect(await count()).toBe('0x8')
  const number = `0x${chain.head.number.toString(16)}`
  const block: { transactions: object[] } = await ask('eth_getBlockByNumber', [
    number,
    true,
  ])
  expect(block.transactions).toMatchObject([
    { nonce: '0x7', from: key.address },
  ])
  await pass(5000)
  expect(await count()).toBe('0x7')
})

test('old states are gone, until there is an archive', async () => {
  const { ask, chain, key, pass } = await open('no history')
  await pass(20_000)
  const countAt = (back: number) => {
    const number = `0x${(chain.head.number - back).toString(16)}`
    return ask('eth_getTransactionCount', [key.address, number])
  }
  expect(await countAt(11)).toBe('0x7')
  expect(await countAt(12)).toBe('refused: missing trie node')
  expect(await ask('eth_getBalance', [key.address, 'latest'])).toMatch(/^0x/)
  await pass(41_000)
  expect(await countAt(12)).toBe('0x7')
})
