import { describe, expect, test } from 'vitest'
import { createScheduler } from '../createScheduler.js'
import { createFaults, type Fault } from '../Fault.js'
import { createRandom } from '../random.js'
import * as TestKey from '../TestKey.js'
import { createSimChain } from './createSimChain.js'
import { createSimExchange } from './createSimExchange.js'
import { decode, type Hex } from './SimTransaction.js'

const gwei = 10n ** 9n
const to = `0x${'ab'.repeat(20)}` as const

async function open(blockMs = 1000) {
  const random = createRandom(5)
  const scheduler = createScheduler(random)
  const key = await TestKey.open()
  const chain = createSimChain({
    scheduler,
    random: random.fork(),
    chainId: 31337,
    address: key.address,
    startNonce: 7,
    startBalance: 10n ** 20n,
    baseFee: 10n * gwei,
    tip: gwei,
    blockMs,
    perBlock: 4,
    nodeCount: 2,
    finalizedDepth: 10,
  })
  const process = scheduler.createProcess('a')
  const faults = createFaults(() => {})
  const invented = new Set<string>()
  const [first, second] = chain.nodes.map((node) =>
    createSimExchange({
      chain,
      node,
      process,
      faults,
      random,
      errors: { timeout: (ms) => new Error(`timeout ${ms}`) },
      invented: (hash) => invented.add(hash),
    }),
  )
  const ask = async (
    method: string,
    params: unknown[] = [],
    exchange = first,
  ) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const answer = await exchange?.({}, body, 5000)
    if (answer?.status !== 200) return `HTTP ${answer?.status}`
    const { result, error } = JSON.parse(answer.body)
    return error === undefined ? result : `refused: ${error.message}`
  }
  const sign = (nonce: number, fees: { max?: bigint; tip?: bigint } = {}) =>
    key.signTransaction(
      {
        type: 'eip1559',
        chainId: 31337,
        nonce: BigInt(nonce),
        gas: 21_000n,
        to,
        value: 5n,
        data: '0x',
        maxFeePerGas: fees.max ?? 30n * gwei,
        maxPriorityFeePerGas: fees.tip ?? 2n * gwei,
        accessList: [],
      },
      random,
    )
  const count = (tag: string, exchange = first) =>
    ask('eth_getTransactionCount', [key.address, tag], exchange).then(Number)
  /** Does the work in the process, and lets the chain go on meanwhile. */
  const play = async (work: () => Promise<void>) => {
    let failure: unknown
    chain.start()
    process.start(() => {
      work()
        .catch((error) => {
          failure = error
        })
        .finally(scheduler.stop)
    })
    await scheduler.run()
    if (failure !== undefined) throw failure
  }
  const send = async (raw: Hex) => ask('eth_sendRawTransaction', [raw])
  return {
    ...{ chain, scheduler, process, faults, invented, key },
    ...{ ask, sign, send, count, play, second },
  }
}

test('takes, spreads and mines; a gap waits', async () => {
  const { ask, sign, send, count, play, process, second, chain } = await open()
  await play(async () => {
    const raw = await sign(7)
    const { hash } = await decode(raw)
    expect(await send(raw)).toBe(hash)
    expect(await send(raw)).toBe('refused: already known')
    await send(await sign(9))
    expect(await count('pending')).toBe(8)
    await process.wait(5000)
    expect(await count('latest', second)).toBe(8)
    const receipt = await ask('eth_getTransactionReceipt', [hash], second)
    expect(receipt).toMatchObject({ status: '0x1', transactionHash: hash })
    const block = await ask('eth_getBlockByNumber', [receipt.blockNumber, true])
    expect(block).toMatchObject({
      hash: receipt.blockHash,
      transactions: [{ hash, nonce: '0x7', value: '0x5', to }],
    })
    const [found] = block.transactions
    expect([found.r, found.s, found.yParity].every(Boolean)).toBe(true)
    expect(await ask('eth_getRawTransactionByHash', [hash])).toBe(raw)
    expect(await send(raw)).toMatch('nonce too low')
    const content = await ask('txpool_contentFrom', [chain.options.address])
    expect(Object.keys(content.queued)).toEqual(['9'])
  })
})

test('replaces for a tenth more, not for less', async () => {
  const { sign, send, play } = await open(1e9)
  await play(async () => {
    await send(await sign(7))
    const more = { max: 32n * gwei, tip: 3n * gwei }
    expect(await send(await sign(7, more))).toBe(
      'refused: replacement transaction underpriced',
    )
    const enough = { max: 33n * gwei, tip: 3n * gwei }
    expect(await send(await sign(7, enough))).toMatch(/^0x/)
    const low = await sign(8, { max: gwei, tip: 0n })
    expect(await send(low)).toMatch('transaction underpriced')
  })
})

test('old counts can be asked for, as long as the node keeps them', async () => {
  const { ask, sign, send, count, play, process, chain } = await open()
  await play(async () => {
    const before = await ask('eth_blockNumber')
    await send(await sign(7))
    await process.wait(9000)
    expect(await count(before)).toBe(7)
    expect(await count('latest')).toBe(8)
    expect(await count('finalized')).toBe(7)
    Object.assign(chain.nodes[0] ?? {}, { statesKept: 2 })
    expect(await count(before)).toBeNaN()
  })
})

describe('a reorg', () => {
  test.each([
    ['back in the pool', 8],
    ['mined again', 8],
    ['lost', 7],
  ] as const)('%s', async (fate, expected) => {
    const { sign, send, count, play, process, chain } = await open()
    await play(async () => {
      const raw = await sign(7)
      await send(raw)
      await process.wait(6000)
      const { hash } = await decode(raw)
      const [block] = chain.blocksWith(hash)
      chain.reorg(20, fate)
      expect(block && chain.isInChain(block)).toBe(false)
      await process.wait(4000)
      expect(await count('latest')).toBe(expected)
      // Whoever has the bytes can send them again.
      await send(raw)
      await process.wait(4000)
      expect(await count('latest')).toBe(8)
    })
  })
})

test('a base fee x 8 stops what pays less, and comes down again', async () => {
  const { ask, sign, send, count, play, process, chain } = await open()
  await play(async () => {
    chain.multiplyBaseFee(8n)
    const history = await ask('eth_feeHistory', ['0xa', 'latest', [20, 50]])
    expect(BigInt(history.baseFeePerGas.at(-1)) > 60n * gwei).toBe(true)
    await send(await sign(7))
    await process.wait(3000)
    expect(await count('latest')).toBe(7)
    await process.wait(30_000)
    expect(await count('latest')).toBe(8)
  })
})

describe('a node', () => {
  const trouble = (kind: Fault['kind'], how?: string): Fault => ({
    kind,
    atMs: 0,
    target: 'node-0',
    ...(how === undefined ? {} : { how }),
  })

  test('lags, forks and joins', async () => {
    const { chain, sign, send, count, play, process, second } = await open()
    await play(async () => {
      const [node] = chain.nodes
      if (node === undefined) return
      node.lag = 10
      await send(await sign(7))
      await process.wait(5000)
      expect(await count('latest')).toBe(7)
      expect(await count('latest', second)).toBe(8)
      node.lag = 0
      expect(await count('latest')).toBe(8)
      node.fork()
      chain.reorg(20, 'lost')
      expect(await count('latest')).toBe(8)
      expect(await count('latest', second)).toBe(7)
      node.join()
      expect(await count('latest')).toBe(7)
    })
  })

  test.each([
    ['count far too high', 'eth_getTransactionCount', ['', 'latest'], /^0x38d/],
    ['count a little too high', 'eth_getTransactionCount', ['', 'latest'], /./],
    ['balance hidden', 'eth_getBalance', ['', 'latest'], /^0x0$/],
    ['other chain', 'eth_chainId', [], /^0x2$/],
    ['call refused', 'eth_estimateGas', [{}], /^refused: execution reverted$/],
    ['other hash', 'eth_sendRawTransaction', ['0x'], /./],
  ] as const)('lies: %s', async (how, method, params, expected) => {
    const { chain, ask, play, faults, key } = await open()
    await play(async () => {
      chain.nodes[0]?.faults.add(trouble('node lies', how))
      const given = params.map((one) => (one === '' ? key.address : one))
      expect(String(await ask(method, given))).toMatch(expected)
    })
    if (how !== 'other hash') expect([...faults.struck]).toHaveLength(1)
  })

  test('invents receipts, which is written down', async () => {
    const { chain, ask, play, invented } = await open()
    await play(async () => {
      chain.nodes[0]?.faults.add(trouble('node lies', 'receipt invented'))
      const hash = `0x${'12'.repeat(32)}`
      const receipt = await ask('eth_getTransactionReceipt', [hash])
      expect(receipt).toMatchObject({ transactionHash: hash, status: '0x1' })
      expect([...invented]).toEqual([hash])
    })
  })

  test('is silent, or busy', async () => {
    const { chain, ask, play, scheduler } = await open()
    await play(async () => {
      const { faults } = chain.nodes[0] ?? { faults: new Set() }
      faults.add(trouble('node busy'))
      expect(await ask('eth_chainId')).toBe('HTTP 429')
      faults.clear()
      faults.add(trouble('node silent'))
      const start = scheduler.now
      await expect(ask('eth_chainId')).rejects.toThrow('timeout 5000')
      expect(scheduler.now - start).toBe(5000)
    })
  })

  test.each(['keeps it', 'forgets it'] as const)('%s', async (drops) => {
    const { chain, sign, send, count, play, process } = await open()
    await play(async () => {
      Object.assign(chain.nodes[0] ?? {}, { drops })
      const raw = await sign(7)
      expect(await send(raw)).toMatch(/^0x/)
      await process.wait(5000)
      expect(await count('latest')).toBe(7)
      expect(await count('pending')).toBe(drops === 'keeps it' ? 8 : 7)
      expect(chain.seen.size).toBe(1)
    })
  })

  test('gets a send whose answer is lost, once or twice', async () => {
    const { chain, sign, send, count, play, process, faults } = await open()
    await play(async () => {
      faults.arm({ kind: 'send done, answer lost', atMs: 0, target: 'a' })
      await expect(send(await sign(7))).rejects.toThrow('timeout')
      faults.arm({ kind: 'send done twice', atMs: 0, target: 'a' })
      expect(await send(await sign(8))).toBe('refused: already known')
      await process.wait(5000)
      expect(await count('latest')).toBe(9)
      expect(chain.seen.size).toBe(2)
    })
  })
})
