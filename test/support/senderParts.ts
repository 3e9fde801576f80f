import {
  type Hex,
  SigningKey,
  Transaction,
} from '../../packages/core/src/index.js'
import type { Rpc } from '../../packages/core/src/rpc/createRpc.js'
import { RpcRefusedError } from '../../packages/core/src/rpc/errors.js'
import type { Runtime } from '../../packages/core/src/rpc/Runtime.js'
import {
  createReconciler,
  type ReconcilerOptions,
} from '../../packages/sender/src/createReconciler.js'
import {
  createSender,
  type SenderOptions,
} from '../../packages/sender/src/createSender.js'
import { createLedger } from '../../packages/sender/src/ledger/createLedger.js'
import type { Item } from '../../packages/sender/src/ledger/Item.js'
import type { Ledger } from '../../packages/sender/src/ledger/Ledger.js'
import { createStore } from '../../packages/sender/src/ledger/memory/createStore.js'
import type { Store } from '../../packages/sender/src/ledger/Store.js'
import type { Account } from '../../packages/sender/src/ledger/TransactionRecord.js'
import type * as SendRequest from '../../packages/sender/src/request/SendRequest.js'
import { createMemoryKey } from './memoryKeyService.js'

// The parts of a sender that need no home: a key of secp256k1, a clock that does
// not wait, a node and a ledger in memory.

const chainId = 31337

/** The same account each time for the same number. */
export function createTestKey(d = 1n) {
  const { service, calls } = createMemoryKey({ d })
  const key = SigningKey.open({ service, keyId: `test-${d}` })
  const sign = async (fields: object = {}): Promise<Hex> =>
    (
      await Transaction.sign(key, {
        type: 'legacy',
        chainId,
        nonce: 0n,
        gas: 21_000n,
        gasPrice: 1_000_000_000n,
        to: `0x${'77'.repeat(20)}`,
        value: 5n,
        data: '0x',
        ...fields,
      } as Transaction.Unsigned)
    ).raw
  return {
    key,
    sign,
    /** So many signatures were made. */
    signs: () => calls.filter((call) => call === 'signDigest').length,
    getAccount: async (): Promise<Account> => ({
      chainId,
      address: (await key.getAddress()).toLowerCase() as Hex,
    }),
  }
}

/** Time passes by `pass`, and by who sleeps without being able to be woken. */
export function createTestRuntime(start = Date.UTC(2026, 0, 1)) {
  let now = start
  let drawn = 0
  const timers = new Map<() => void, number>()
  const pass = (ms: number) => {
    now += ms
    for (const [ring, at] of timers) if (at <= now) ring()
  }
  const runtime: Runtime = {
    now: () => now,
    async sleep(ms, signal) {
      if (signal === undefined) {
        pass(Math.ceil(ms))
        return new Promise((resolve) => setImmediate(resolve))
      }
      const at = now + ms
      return new Promise((resolve) => {
        const ring = () => {
          timers.delete(ring)
          resolve()
        }
        timers.set(ring, at)
        signal.addEventListener('abort', ring)
      })
    },
    random: () => 0.5,
    uuid: () => `00000000-0000-4000-8000-${String(++drawn).padStart(12, '0')}`,
  }
  return { runtime, pass }
}

/** A table in memory, and any number of ledgers on it. */
export function createTestTable(runtime: Runtime) {
  const items = new Map<string, Item>()
  return {
    items,
    newLedger: (
      tableName = 'ledger',
      change: (store: Store) => Partial<Store> = () => ({}),
    ): Ledger => {
      const store = createStore(tableName, items)
      return createLedger({ ...store, ...change(store) }, runtime)
    },
    /** As somebody writes who has not to do with the ledger. */
    put: (item: Item) => {
      const [pk, sk] = [item.pk, item.sk] as { S: string }[]
      items.set(`${pk?.S}\0${sk?.S}`, item)
    },
  }
}

/** How a transaction ended, as a ledger is told. */
export const mined = {
  hash: '0xaa',
  blockNumber: 7n,
  blockHash: '0xbb',
  receiptStatus: 'succeeded',
} as const

export type TestNode = ReturnType<typeof createTestNode>

type Fields = Record<string, unknown>
type Answerer = (params: readonly unknown[]) => unknown

/** A node with a chain of its own, which says what it is told to say. */
export function createTestNode() {
  const blocks: Fields[][] = [[]]
  const pool = new Map<string, Fields>()
  /** What it answers in place of the truth. */
  const lies: Record<string, Answerer> = {}
  const asked: string[] = []
  const errors: (Error | undefined)[] = [undefined]

  const isFrom = (address: unknown) => {
    const from = String(address).toLowerCase()
    return (one: Fields) => one.from === from
  }
  const countOf = (address: unknown, height: number) =>
    blocks
      .slice(0, height + 1)
      .flat()
      .filter(isFrom(address)).length
  /** What waits behind a gap does not count. */
  const countPending = (address: unknown) => {
    const waiting = [...pool.values()].filter(isFrom(address))
    const nonces = new Set(waiting.map(({ nonce }) => Number(nonce)))
    let count = countOf(address, blocks.length - 1)
    while (nonces.has(count)) count++
    return count
  }
  /** As strict as nodes are: a tag that they don't know is refused. */
  const heightOf = (block: unknown) => {
    if (block === 'latest') return blocks.length - 1
    if (typeof block === 'string' && /^0x[0-9a-f]+$/.test(block))
      return Number(block)
    throw new RpcRefusedError('https://node', 'a block', {
      code: -32602,
      message: 'invalid block number or tag',
      data: undefined,
    })
  }
  /** A block that takes another one's place has another hash. */
  let forkedAt = Number.POSITIVE_INFINITY
  const hashOf = (height: number) =>
    `0x${height.toString(16).padStart(64, height >= forkedAt ? 'c' : 'b')}`
  const findMined = (hash: unknown) => {
    const height = blocks.findIndex((block) =>
      block.some((one) => one.hash === hash),
    )
    return height < 0 ? undefined : height
  }

  const send = async (raw: Hex) => {
    const fields = await toRpcFields(raw)
    // One of each nonce, as every node has it.
    for (const [hash, { from, nonce }] of pool)
      if (from === fields.from && nonce === fields.nonce) pool.delete(hash)
    pool.set(fields.hash as string, fields)
    return fields.hash
  }

  const truth: Record<string, Answerer> = {
    eth_getTransactionCount: ([address, block]) =>
      toHex(
        block === 'pending'
          ? countPending(address)
          : countOf(address, heightOf(block)),
      ),
    eth_blockNumber: () => toHex(blocks.length - 1),
    eth_getBlockByNumber: ([block]) => {
      const height = heightOf(block)
      return {
        number: toHex(height),
        hash: hashOf(height),
        timestamp: toHex(1_767_225_600 + height),
        baseFeePerGas: '0x7',
        transactions: blocks[height],
      }
    },
    eth_getTransactionByHash: ([hash]) =>
      [...blocks.flat(), ...pool.values()].find((one) => one.hash === hash) ??
      null,
    eth_getTransactionReceipt: ([hash]) => {
      const height = findMined(hash)
      if (height === undefined) return null
      return {
        transactionHash: hash,
        blockNumber: toHex(height),
        blockHash: hashOf(height),
        status: '0x1',
      }
    },
    txpool_contentFrom: ([address]) => ({
      pending: Object.fromEntries(
        [...pool.values()]
          .filter(({ from }) => from === address)
          .map((one) => [Number(one.nonce), one]),
      ),
    }),
    eth_sendRawTransaction: ([raw]) => send(raw as Hex),
    eth_getBalance: () => toHex(10n ** 20n),
    eth_estimateGas: () => toHex(21_000),
    eth_gasPrice: () => toHex(1_000_000_000),
    eth_feeHistory: () => ({
      baseFeePerGas: ['0x7', '0x7'],
      reward: [['0x1', '0x2', '0x3']],
    }),
  }

  const rpc: Rpc = {
    chainId,
    async request(method, params = [], { check } = {}) {
      asked.push(method)
      const answer = lies[method] ?? truth[method]
      if (answer === undefined)
        throw new RpcRefusedError('https://node', method, {
          code: -32601,
          message: 'the method does not exist',
          data: undefined,
        })
      const result = await answer(params)
      check?.(result)
      return result
    },
    check: async () =>
      errors.map((error) => ({
        endpoint: 'https://node',
        latencyMs: 1,
        error,
      })),
  }

  return {
    rpc,
    truth,
    lies,
    asked,
    /** What its check of the chain finds. */
    errors,
    /** A block with what is given, and all of the pool. */
    async mine(...raws: Hex[]): Promise<void> {
      const given = await Promise.all(raws.map(toRpcFields))
      blocks.push([...given, ...pool.values()])
      pool.clear()
    },
    async mineEmpty(count: number): Promise<void> {
      for (let n = 0; n < count; n++) blocks.push([])
    },
    /** Into the pool, in the place of what has its nonce. */
    send,
    /** The pool forgets all. */
    evict: () => pool.clear(),
    /** The last blocks are gone, with all that was in them. */
    rewind: (count: number) => {
      blocks.splice(blocks.length - count)
      forkedAt = blocks.length
      pool.clear()
    },
    /** So many transactions are in blocks. */
    count: () => blocks.flat().length,
    isKnown: (hash: Hex) => pool.has(hash) || findMined(hash) !== undefined,
  }
}

const types = { legacy: 0, eip2930: 1, eip1559: 2 }

/** A signed transaction as a node shows it in a block. */
export async function toRpcFields(raw: Hex): Promise<Fields> {
  const { transaction, signature, hash, from } = await Transaction.decode(raw)
  const { type, chainId, nonce, gas, to, value, data, ...rest } =
    transaction as Transaction.Unsigned & Fields
  const fees = ['gasPrice', 'maxFeePerGas', 'maxPriorityFeePerGas'].filter(
    (name) => name in rest,
  )
  const isLegacy = type === 'legacy'
  return {
    type: toHex(types[type as keyof typeof types]),
    chainId: toHex(chainId),
    hash,
    from: from.toLowerCase(),
    nonce: toHex(nonce),
    gas: toHex(gas),
    to: to ?? null,
    value: toHex(value),
    input: data,
    ...Object.fromEntries(
      fees.map((name) => [name, toHex(rest[name] as bigint)]),
    ),
    ...(isLegacy
      ? { v: toHex(35 + 2 * chainId + signature.yParity) }
      : {
          accessList: rest.accessList,
          yParity: toHex(signature.yParity),
          v: toHex(signature.yParity),
        }),
    r: toHex(signature.r),
    s: toHex(signature.s),
  }
}

function toHex(value: bigint | number): string {
  return `0x${value.toString(16)}`
}

export type SenderParts = Awaited<ReturnType<typeof openSenderParts>>

/** All parts together, for senders and reconcilers that share a table. */
export async function openSenderParts() {
  const testKey = createTestKey()
  const { runtime, pass } = createTestRuntime()
  const table = createTestTable(runtime)
  const ledger = table.newLedger()
  const node = createTestNode()
  const { key } = testKey
  const common = { key, ledger, rpc: node.rpc, runtime, confirmations: 1 }
  return {
    ...testKey,
    account: await testKey.getAccount(),
    runtime,
    pass,
    table,
    ledger,
    node,
    newSender: (options: Partial<SenderOptions> = {}) =>
      createSender({ ...common, ...options }),
    /** One that waits for nothing. */
    newReconciler: (options: Partial<ReconcilerOptions> = {}) =>
      createReconciler({
        ...common,
        graceMs: 0,
        suspectMs: 0,
        fillAfterMs: 0,
        ...options,
      }),
    request: (idempotencyKey: string, more = {}): SendRequest.SendRequest => ({
      to: `0x${'77'.repeat(20)}`,
      value: 5n,
      data: '0x',
      accessList: [],
      speed: 'normal',
      idempotencyKey,
      ...more,
    }),
  }
}
