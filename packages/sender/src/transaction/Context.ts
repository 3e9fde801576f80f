import type { SigningKey } from '@keyward/core'
import { type Chain, createChain } from '../chain/createChain.js'
import { type Fresh, keepFresh } from '../chain/keepFresh.js'
import { createMarket } from '../fees/createMarket.js'
import type { Caps, Market } from '../fees/Fees.js'
import type { Ledger } from '../ledger/createLedger.js'
import type { Account } from '../ledger/TransactionRecord.js'
import { type Allocator, createAllocator } from '../nonce/createAllocator.js'
import type { Rpc } from '../rpc/createRpc.js'

export type ContextOptions = {
  /** Of `SigningKey.connect` or `SigningKey.open`. */
  key: SigningKey.LazySigningKey
  ledger: Ledger
  rpc: Rpc
  /** Wei per gas that is never exceeded. @default 500 gwei */
  maxFeePerGas?: bigint | undefined
  /** Wei that gas x fee never exceeds. @default 1 ether */
  maxTxFee?: bigint | undefined
  /**
   * A reconciler with a webhook is at work, which has to hear of every end.
   * @default false
   */
  notify?: boolean | undefined
}

/** What sender and reconciler work with. */
export type Context = {
  key: SigningKey.LazySigningKey
  ledger: Ledger
  chain: Chain
  market: Fresh<Market>
  /** The account's balance, up to a second old. */
  balance: Fresh<bigint>
  caps: Caps
  account: Account
  allocator: Allocator
  /** Ends stay in the index `open` until the webhook has heard of them. */
  notify: boolean
}

/**
 * Opens the context at its first use: the account is asked of KMS unless it is
 * pinned, once.
 */
export function open(options: ContextOptions): () => Promise<Context> {
  const { key, ledger, rpc } = options
  const chain = createChain(rpc)
  const market = createMarket(chain)
  const caps = {
    maxFeePerGas: options.maxFeePerGas ?? 500_000_000_000n,
    maxTxFee: options.maxTxFee ?? 10n ** 18n,
  }
  let opened: Promise<Context> | undefined
  return () => {
    opened ??= key
      .getAddress()
      .then((address) => {
        const account = {
          chainId: rpc.chainId,
          address: address.toLowerCase() as Account['address'],
        }
        const allocator = createAllocator({ ledger, chain, account })
        const balance = keepFresh(1000, (options) =>
          chain.getBalance(account.address, options),
        )
        const notify = options.notify ?? false
        return {
          key,
          ledger,
          chain,
          market,
          balance,
          caps,
          account,
          allocator,
          notify,
        }
      })
      .catch((error) => {
        opened = undefined
        throw error
      })
    return opened
  }
}
