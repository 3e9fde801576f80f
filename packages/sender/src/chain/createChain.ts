// This file has over 300 lines because it is one list: each question to a node
// takes a few lines, and all share the code that reads answers and retries.

import type { AccessList, Hex } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { RpcChainError, RpcValue } from '@keyward/core/rpc'
import {
  type Block,
  type FeeHistory,
  type Receipt,
  readBlock,
  readFeeHistory,
  readGas,
  readReceipt,
} from './results.js'
import { toRaw } from './toRaw.js'

type Deadline = { deadline?: number | undefined }

export type Call = {
  from: Hex
  to?: Hex | undefined
  value: bigint
  data: Hex
  gas?: bigint | undefined
  accessList: AccessList
}

const isQuantity = (value: unknown): value is string =>
  typeof value === 'string' && /^0x[0-9a-f]{1,16}$/i.test(value)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/**
 * An account's part of a pool that is grouped by account. Nodes differ in the
 * case of addresses.
 */
function partOf(pool: unknown, address: Hex): unknown {
  const [, part] =
    Object.entries(isObject(pool) ? pool : {}).find(
      ([name]) => name.toLowerCase() === address,
    ) ?? []
  return part
}

/** The sender's questions to a node. All answers are read strictly. */
export type Chain = ReturnType<typeof createChain>

/**
 * @param sendRpc - The only endpoints that receive signed bytes.
 * @throws the errors of `rpc.request`, from each call
 */
export function createChain(rpc: Rpc, sendRpc: Rpc = rpc) {
  /** If an answer can't be read, the next endpoint is asked. */
  const ask = async <value>(
    method: string,
    params: readonly unknown[],
    read: (result: unknown, method: string) => value,
    options?: Deadline,
  ): Promise<value> => {
    const check = (result: unknown) => read(result, method)
    return check(await rpc.request(method, params, { ...options, check }))
  }
  const quantity = (
    method: string,
    params: readonly unknown[],
    options?: Deadline,
  ) => ask(method, params, RpcValue.quantity, options)

  /** Each endpoint's answer, or undefined if it gives none. */
  const askAll = async (
    method: string,
    params: readonly unknown[],
    options?: Deadline,
  ): Promise<unknown[]> =>
    rpc.askEach?.('endpoints', method, params, options) ??
    rpc.request(method, params, options).then(
      (answer) => [answer],
      () => [undefined],
    )

  /** Undefined if the node doesn't return it. */
  const getRaw = async (hash: Hex, options?: Deadline) => {
    const method = 'eth_getRawTransactionByHash'
    const raw = await rpc
      .request(method, [hash], options)
      .catch(() => undefined)
    return typeof raw === 'string' && /^0x[0-9a-f]{2,}$/i.test(raw)
      ? (raw.toLowerCase() as Hex)
      : undefined
  }

  const rawOf = async (
    fields: Record<string, unknown>,
    method: string,
    options?: Deadline,
  ) => {
    try {
      const raw = toRaw(fields, method)
      if (raw !== undefined) return raw
    } catch {
      // This is a chain's own transaction type, which has fewer fields.
    }
    return getRaw(RpcValue.hash(fields.hash, method), options)
  }

  return {
    chainId: rpc.chainId,

    /**
     * Whether the endpoints for reading don't see sent transactions until they
     * are mined.
     */
    isPrivate: sendRpc !== rpc,

    /**
     * Checks all endpoints again, so that the next question goes to one that
     * serves the chain.
     *
     * @throws RpcChainError if no endpoint serves the chain and at least one
     * serves another chain
     */
    async assertChain(options?: Deadline): Promise<void> {
      const errors = (await rpc.check(options)).map(({ error }) => error)
      const wrong = errors.find((error) => error instanceof RpcChainError)
      if (wrong !== undefined && !errors.includes(undefined)) throw wrong
    },

    /** The account's transaction count on the chain (or including the pool). */
    getCount: (
      address: Hex,
      block: 'latest' | 'pending' | bigint,
      options?: Deadline,
    ) =>
      quantity(
        'eth_getTransactionCount',
        [
          address,
          typeof block === 'bigint' ? RpcValue.toQuantity(block) : block,
        ],
        options,
      ),

    /**
     * The same count from each endpoint; undefined for those that don't answer.
     */
    async getCounts(
      address: Hex,
      block: 'latest' | 'pending',
      options?: Deadline,
    ): Promise<(bigint | undefined)[]> {
      const method = 'eth_getTransactionCount'
      const found = await askAll(method, [address, block], options)
      return found.map((one) => (isQuantity(one) ? BigInt(one) : undefined))
    },

    getBalance: (address: Hex, options?: Deadline) =>
      quantity('eth_getBalance', [address, 'latest'], options),

    getGasPrice: (options?: Deadline) => quantity('eth_gasPrice', [], options),

    getTip: (options?: Deadline) =>
      quantity('eth_maxPriorityFeePerGas', [], options),

    /** @throws RpcRefusedError with the revert data if the call would fail */
    estimateGas: (call: Call, options?: Deadline) =>
      ask(
        'eth_estimateGas',
        [
          {
            from: call.from,
            to: call.to,
            value: RpcValue.toQuantity(call.value),
            data: call.data,
            gas: call.gas && RpcValue.toQuantity(call.gas),
            accessList:
              call.accessList.length === 0 ? undefined : call.accessList,
          },
        ],
        readGas,
        options,
      ),

    /** The node's answer, which should be the hash that we already know. */
    async sendRaw(raw: Hex, options?: Deadline): Promise<Hex> {
      const method = 'eth_sendRawTransaction'
      const check = (result: unknown) => RpcValue.hash(result, method)
      return check(await sendRpc.request(method, [raw], { ...options, check }))
    },

    /** A contract's current answer; `0x` if there is no contract. */
    call: (
      { to, data }: { to: Hex; data: Hex },
      options?: Deadline,
    ): Promise<string> =>
      ask('eth_call', [{ to, data }, 'latest'], String, options),

    getBlock: (block: 'latest' | bigint, options?: Deadline): Promise<Block> =>
      ask(
        'eth_getBlockByNumber',
        [typeof block === 'bigint' ? RpcValue.toQuantity(block) : block, false],
        readBlock,
        options,
      ),

    /** The base fee of the next block, and tips at three percentiles. */
    async getFeeHistory(
      percentiles: readonly number[],
      options?: Deadline,
    ): Promise<FeeHistory> {
      const method = 'eth_feeHistory'
      const params = ['0xa', 'latest', percentiles]
      // Some healthy chains without such fees return an unreadable answer.
      return readFeeHistory(await rpc.request(method, params, options), method)
    },

    /** Undefined until the transaction is in a block. */
    getReceipt: (hash: Hex, options?: Deadline): Promise<Receipt | undefined> =>
      ask(
        'eth_getTransactionReceipt',
        [hash],
        (result, method) => readReceipt(result, method, hash),
        options,
      ),

    /** The providers of the endpoints. */
    getProviders: async (options?: Deadline): Promise<readonly string[]> =>
      (await rpc.providers?.(options)) ?? [],

    /** Each provider's own receipts. */
    async getReceipts(hash: Hex, options?: Deadline): Promise<Receipt[]> {
      const method = 'eth_getTransactionReceipt'
      const results =
        (await rpc.askEach?.('providers', method, [hash], options)) ?? []
      return results.flatMap((result) => {
        try {
          return readReceipt(result ?? null, method, hash) ?? []
        } catch {
          return []
        }
      })
    },

    /** Each provider's own newest block. */
    async getHeads(options?: Deadline): Promise<bigint[]> {
      const results =
        (await rpc.askEach?.('providers', 'eth_blockNumber', [], options)) ?? []
      return results.flatMap((result) =>
        typeof result === 'string' && /^0x[0-9a-f]{1,16}$/i.test(result)
          ? BigInt(result)
          : [],
      )
    },

    /** Whether the node has the transaction, in its pool or in a block. */
    async hasTransaction(hash: Hex, options?: Deadline): Promise<boolean> {
      const method = 'eth_getTransactionByHash'
      const found = await ask(method, [hash], RpcValue.objectOrNone, options)
      return found !== undefined
    },

    /**
     * Raw bytes that a node shows as the mined transaction with this nonce.
     * They are unproven: recover the signer.
     */
    async findInBlock(
      block: bigint,
      nonce: bigint,
      options?: Deadline,
    ): Promise<Hex[]> {
      const method = 'eth_getBlockByNumber'
      const params = [RpcValue.toQuantity(block), true]
      const value = await ask(method, params, RpcValue.objectOrNone, options)
      const found: Hex[] = []
      for (const one of RpcValue.list(value?.transactions ?? [], method)) {
        const fields = RpcValue.objectOrNone(one, method)
        if (fields === undefined || fields.nonce == null) continue
        if (RpcValue.quantity(fields.nonce, method) !== nonce) continue
        const raw = await rawOf(fields, method, options)
        if (raw !== undefined) found.push(raw)
      }
      return found
    },

    /** The transaction that a node shows for a hash. */
    async findByHash(
      hash: Hex,
      options?: Deadline,
    ): Promise<{ raw: Hex; nonce: bigint } | undefined> {
      const method = 'eth_getTransactionByHash'
      const fields = await ask(method, [hash], RpcValue.objectOrNone, options)
      if (fields === undefined) return undefined
      const raw = await rawOf(fields, method, options)
      const nonce = RpcValue.quantity(fields.nonce, method)
      return raw === undefined ? undefined : { raw, nonce }
    },

    /**
     * The account's transactions in the nodes' pools, by nonce. It includes
     * transactions behind a gap, which no count covers, but only from nodes
     * that show their pools.
     */
    async listPool(
      address: Hex,
      options?: Deadline,
    ): Promise<Map<bigint, Hex[]>> {
      const method = 'txpool_contentFrom'
      const own = await askAll(method, [address], options)
      // Some nodes can only list all accounts, which takes a long time on a
      // busy chain.
      const whole = own.every(isObject)
        ? []
        : await askAll('txpool_content', [], options)
      const parts = own.flatMap((pool, index) => {
        // Many nodes support neither method, and some return arbitrary values.
        const shown = [pool, whole[index]].find(isObject)
        const both = [shown?.pending, shown?.queued]
        return shown === pool ? both : both.map((part) => partOf(part, address))
      })
      const found = new Map<bigint, Hex[]>()
      for (const part of parts) {
        const list = RpcValue.objectOrNone(part ?? {}, method) ?? {}
        for (const [name, value] of Object.entries(list)) {
          const fields = RpcValue.objectOrNone(value, method)
          if (fields?.hash == null || !/^[0-9]{1,15}$/.test(name)) continue
          const raw = await rawOf(fields, method, options)
          const raws = found.get(BigInt(name)) ?? []
          if (raw !== undefined && !raws.includes(raw)) raws.push(raw)
          found.set(BigInt(name), raws)
        }
      }
      return found
    },
  }
}
