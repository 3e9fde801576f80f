// Each question to a node is a few lines here, and all share how answers are
// read and asked again: one list of them, so over 300 lines.

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

/** An account's, of a pool by accounts; nodes spell addresses either way. */
function partOf(pool: unknown, address: Hex): unknown {
  const [, part] =
    Object.entries(isObject(pool) ? pool : {}).find(
      ([name]) => name.toLowerCase() === address,
    ) ?? []
  return part
}

/** What the sender asks a node, with every answer read strictly. */
export type Chain = ReturnType<typeof createChain>

/**
 * @param sendRpc - Where signed bytes go, and nowhere else.
 * @throws what `rpc.request` throws, from each call
 */
export function createChain(rpc: Rpc, sendRpc: Rpc = rpc) {
  /** What cannot be read is asked of the next endpoint. */
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

  /** What each answers, undefined where it does not. */
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

  /** Undefined where the node does not hand it out. */
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
      // A kind of the chain's own, with fewer fields.
    }
    return getRaw(RpcValue.hash(fields.hash, method), options)
  }

  return {
    chainId: rpc.chainId,

    /** What is sent is unknown to the endpoints that are asked, until mined. */
    isPrivate: sendRpc !== rpc,

    /**
     * Asks anew, of every endpoint: what is asked next is asked of one that
     * serves the chain.
     *
     * @throws RpcChainError when there is none, and one serves another chain
     */
    async assertChain(options?: Deadline): Promise<void> {
      const errors = (await rpc.check(options)).map(({ error }) => error)
      const wrong = errors.find((error) => error instanceof RpcChainError)
      if (wrong !== undefined && !errors.includes(undefined)) throw wrong
    },

    /** How many transactions of the account the chain (or the pool) has. */
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

    /** The same of each endpoint; undefined of those that do not answer. */
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

    /** @throws RpcRefusedError with the revert's data when it would fail */
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

    /** The node's answer, which should be the hash that we know already. */
    async sendRaw(raw: Hex, options?: Deadline): Promise<Hex> {
      const method = 'eth_sendRawTransaction'
      const check = (result: unknown) => RpcValue.hash(result, method)
      return check(await sendRpc.request(method, [raw], { ...options, check }))
    },

    /** What a contract answers now; `0x` where there is none. */
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
      // Chains that have no such fees answer what cannot be read, and are well.
      return readFeeHistory(await rpc.request(method, params, options), method)
    },

    /** Undefined while it is in no block. */
    getReceipt: (hash: Hex, options?: Deadline): Promise<Receipt | undefined> =>
      ask(
        'eth_getTransactionReceipt',
        [hash],
        (result, method) => readReceipt(result, method, hash),
        options,
      ),

    /** Whose endpoints these are. */
    getProviders: async (options?: Deadline): Promise<readonly string[]> =>
      (await rpc.providers?.(options)) ?? [],

    /** The receipts that each provider has, asked of each for itself. */
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

    /** The newest block of each provider, asked of each for itself. */
    async getHeads(options?: Deadline): Promise<bigint[]> {
      const results =
        (await rpc.askEach?.('providers', 'eth_blockNumber', [], options)) ?? []
      return results.flatMap((result) =>
        typeof result === 'string' && /^0x[0-9a-f]{1,16}$/i.test(result)
          ? BigInt(result)
          : [],
      )
    },

    /** Whether the node has it, in its pool or in a block. */
    async hasTransaction(hash: Hex, options?: Deadline): Promise<boolean> {
      const method = 'eth_getTransactionByHash'
      const found = await ask(method, [hash], RpcValue.objectOrNone, options)
      return found !== undefined
    },

    /**
     * Raw bytes that a node shows as the transaction with this nonce in a
     * block: claims, whose signer is to be recovered.
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

    /** What a node shows under a hash. */
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
     * What the nodes' pools have of the account, by nonce: also what waits
     * behind a gap, which no count tells of. Of those that show it.
     */
    async listPool(
      address: Hex,
      options?: Deadline,
    ): Promise<Map<bigint, Hex[]>> {
      const method = 'txpool_contentFrom'
      const own = await askAll(method, [address], options)
      // Some know only the question for all accounts, which takes long on a
      // chain that is busy.
      const whole = own.every(isObject)
        ? []
        : await askAll('txpool_content', [], options)
      const parts = own.flatMap((pool, index) => {
        // Many nodes show neither, and some answer anything.
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
