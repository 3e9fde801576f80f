import { type Hex, NetworkData, type SigningKey } from '@keyward/core'
import type { Rpc } from '@keyward/core/rpc'
import { type Runtime, systemRuntime, toKeyOptions } from '@keyward/core/rpc'
import { type Cached, cacheFor } from '../cacheFor.js'
import { type Chain, createChain } from '../chain/createChain.js'
import { createDataFee, type DataFee } from '../chain/createDataFee.js'
import { createNewest, type Newest } from '../createNewest.js'
import { createFloor, type Floor } from '../fees/createFloor.js'
import { createMarket } from '../fees/createMarket.js'
import type { Caps, Market } from '../fees/Fees.js'
import type { Ledger } from '../ledger/Ledger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { type Allocator, createAllocator } from '../nonce/createAllocator.js'
import {
  createWatch,
  defaultMaxForeign,
  type Watch,
  type WatchOptions,
} from '../nonce/createWatch.js'
import { createEnds, type Ends } from './createEnds.js'
import { createPools, type Pools } from './createPools.js'
import { createTold, type Told } from './createTold.js'
import { defaultConfirmations } from './defaultConfirmations.js'
import type { SendingGuard } from './SendingGuard.js'

/**
 * At an eighth more each time, this reaches forty times the first price. A node
 * may keep refusing forever, so further signatures need a person's decision.
 */
const defaultMaxSignatures = 32

export type ContextOptions = WatchOptions & {
  /** From `SigningKey.connect` or `SigningKey.open`. */
  key: SigningKey.LazySigningKey
  /** The key's policy. @default none */
  guard?: SendingGuard | undefined
  ledger: Ledger
  rpc: Rpc
  /**
   * Where to send signed bytes exclusively: a relay that keeps them private.
   * @default rpc
   */
  sendRpc?: Rpc | undefined
  /**
   * How many providers must have a block with a transaction before it is final.
   * @default 2; 1 if all endpoints of `rpc` belong to one provider
   */
  finalEndpoints?: 1 | 2 | undefined
  /** Hard limit in wei per gas. @default 500 gwei */
  maxFeePerGas?: bigint | undefined
  /** Hard limit for gas x fee, in wei. @default 1 ether */
  maxTxFee?: bigint | undefined
  /** Minimum tip in wei per gas. @default the network's known minimum */
  minTip?: bigint | undefined
  /**
   * Set this if a reconciler runs with a webhook, which must be notified of
   * every end.
   * @default false
   */
  notify?: boolean | undefined
  /** Whether requests may create contracts. @default false */
  allowCreation?: boolean | undefined
  /**
   * Maximum number of signatures per transaction: the first one and each
   * replacement at higher fees. Cancels are counted separately. @default 32
   */
  maxSignatures?: number | undefined
  /**
   * Confirmations, including the transaction's own block, after which a block
   * counts as final.
   * @default 12; 1 on the local chain, which only creates blocks for
   * transactions
   */
  confirmations?: number | undefined
  /** @default this process's clock, timers and randomness */
  runtime?: Runtime | undefined
}

/** The state that the sender and the reconciler share. */
export type Context = {
  key: SigningKey.LazySigningKey
  guard: SendingGuard | undefined
  ledger: Ledger
  chain: Chain
  market: Cached<Market>
  /** Recent fee refusals by pools. */
  floor: Floor
  /** The attempts that a pool has accepted, as far as this process knows. */
  pools: Pools
  /** The account's balance, up to a second old. */
  balance: Cached<bigint>
  /** The gas limit of a block, up to a minute old. */
  blockGas: Cached<bigint | undefined>
  /** A rollup's charges in addition to gas. */
  dataFee: DataFee
  caps: Caps
  account: Account
  allocator: Allocator
  watch: Watch
  /** Ends that this process has seen on the chain. */
  ends: Ends
  /**
   * Hashes of cancels and fillers for which this process has released amounts.
   */
  givenBack: Newest<Hex, true>
  allowCreation: boolean
  maxSignatures: number
  confirmations: number
  /** How many providers must agree on an end, if there are that many. */
  finalEndpoints: 1 | 2
  maxForeign: number
  /** Recent reports, so that not every run repeats them. */
  told: Told
  runtime: Runtime
  /**
   * Whether ended transactions stay in the index `open` until the webhook has
   * been notified.
   */
  notify: boolean
}

/**
 * Opens the context on first use: asks KMS for the account once, unless it is
 * pinned.
 */
export function open(
  options: ContextOptions,
): (deadline: number) => Promise<Context> {
  const { key, ledger, rpc, runtime = systemRuntime } = options
  const chain = createChain(rpc, options.sendRpc)
  const floor = createFloor(runtime)
  const { minTip = NetworkData.get(rpc.chainId).minTip } = options
  const market = createMarket(chain, runtime, { minTip, floor })
  const {
    allowCreation = false,
    confirmations = defaultConfirmations(rpc.chainId),
  } = options
  const caps = {
    maxFeePerGas: options.maxFeePerGas ?? 500_000_000_000n,
    maxTxFee: options.maxTxFee ?? 10n ** 18n,
  }
  let opened: Context | undefined
  const create = (address: string): Context => {
    const account = {
      chainId: rpc.chainId,
      address: address.toLowerCase() as Account['address'],
    }
    const watch = createWatch({
      ledger,
      chain,
      account,
      runtime,
      confirmations,
      maxForeign: options.maxForeign,
      newLedger: options.newLedger,
    })
    const allocator = createAllocator({ ledger, watch, account, runtime })
    const balance = cacheFor(1000, runtime, (options) =>
      chain.getBalance(account.address, options),
    )
    const blockGas = cacheFor(60_000, runtime, async (options) => {
      const { gasLimit } = await chain.getBlock('latest', options)
      return gasLimit
    })
    const notify = options.notify ?? false
    const dataFee = createDataFee(chain, runtime)
    return {
      key,
      guard: options.guard,
      ledger,
      chain,
      market,
      floor,
      pools: createPools(),
      balance,
      blockGas,
      dataFee,
      caps,
      account,
      allocator,
      watch,
      ends: createEnds(),
      givenBack: createNewest(1000),
      allowCreation,
      maxSignatures: options.maxSignatures ?? defaultMaxSignatures,
      confirmations,
      finalEndpoints: options.finalEndpoints ?? 2,
      maxForeign: options.maxForeign ?? defaultMaxForeign,
      told: createTold(runtime),
      runtime,
      notify,
    }
  }
  // Each caller has its own deadline, so one that runs out of time doesn't
  // affect the others.
  return async (deadline) => {
    if (opened !== undefined) return opened
    const address = await key.getAddress(toKeyOptions(runtime, deadline))
    opened ??= create(address)
    return opened
  }
}
