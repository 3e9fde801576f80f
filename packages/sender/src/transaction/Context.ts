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
 * With an eighth more each, that is forty times the first price. More are signed
 * by hand only, as a node may say anything for ever.
 */
const defaultMaxSignatures = 32

export type ContextOptions = WatchOptions & {
  /** Of `SigningKey.connect` or `SigningKey.open`. */
  key: SigningKey.LazySigningKey
  /** The key's policy. @default none */
  guard?: SendingGuard | undefined
  ledger: Ledger
  rpc: Rpc
  /**
   * Where signed bytes go, and nowhere else: a relay that keeps them from the
   * public. @default rpc
   */
  sendRpc?: Rpc | undefined
  /**
   * How many providers must have a block with a transaction before it is final.
   * @default 2; 1 where all endpoints of `rpc` are one provider's
   */
  finalEndpoints?: 1 | 2 | undefined
  /** Wei per gas that is never exceeded. @default 500 gwei */
  maxFeePerGas?: bigint | undefined
  /** Wei that gas x fee never exceeds. @default 1 ether */
  maxTxFee?: bigint | undefined
  /** Wei per gas that no tip is below. @default what the network is known for */
  minTip?: bigint | undefined
  /**
   * A reconciler with a webhook is at work, which has to hear of every end.
   * @default false
   */
  notify?: boolean | undefined
  /** Whether requests may create contracts. @default false */
  allowCreation?: boolean | undefined
  /**
   * How often one transaction is signed at most: the first time and when it is
   * replaced at higher fees. Its cancel is counted apart. @default 32
   */
  maxSignatures?: number | undefined
  /**
   * Blocks on top, the own one included, after which a block stays.
   * @default 12; 1 on the local chain, whose blocks come with transactions
   */
  confirmations?: number | undefined
  /** @default this process's clock, timers and randomness */
  runtime?: Runtime | undefined
}

/** What sender and reconciler work with. */
export type Context = {
  key: SigningKey.LazySigningKey
  guard: SendingGuard | undefined
  ledger: Ledger
  chain: Chain
  market: Cached<Market>
  /** What pools have refused for the fee. */
  floor: Floor
  /** Which attempts a pool has taken, as far as this process saw. */
  pools: Pools
  /** The account's balance, up to a second old. */
  balance: Cached<bigint>
  /** The gas limit of a block, up to a minute old. */
  blockGas: Cached<bigint | undefined>
  /** What a rollup takes beside gas. */
  dataFee: DataFee
  caps: Caps
  account: Account
  allocator: Allocator
  watch: Watch
  /** Ends that this process has seen on the chain. */
  ends: Ends
  /** Of what cancels and fillers have freed, what this process gave back. */
  givenBack: Newest<Hex, true>
  allowCreation: boolean
  maxSignatures: number
  confirmations: number
  /** How many providers must agree on an end, where there are so many. */
  finalEndpoints: 1 | 2
  maxForeign: number
  /** What was told lately, so that it is not told at each run. */
  told: Told
  runtime: Runtime
  /** Ends stay in the index `open` until the webhook has heard of them. */
  notify: boolean
}

/**
 * Opens the context at its first use: the account is asked of KMS unless it is
 * pinned, once.
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
  // Each with its own deadline: one that has none left takes nobody along.
  return async (deadline) => {
    if (opened !== undefined) return opened
    const address = await key.getAddress(toKeyOptions(runtime, deadline))
    opened ??= create(address)
    return opened
  }
}
