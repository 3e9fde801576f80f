import type { Hex, SimTransaction } from './SimTransaction.js'

/** What one node holds of one account until it is mined. */
export type Pool = {
  /** @returns why it was not taken, in the words of geth */
  add(transaction: SimTransaction, state: PoolState): string | undefined
  get(nonce: number): SimTransaction | undefined
  has(hash: Hex): SimTransaction | undefined
  /** The count with what is pending, without what waits behind a gap. */
  countFrom(nonce: number): number
  /** Without what the chain has used. */
  prune(nonce: number): void
  remove(hash: Hex): void
  clear(): void
  all(): SimTransaction[]
}

export type PoolState = { nonce: number; balance: bigint; minTip: bigint }

/** Nonces above the account's own that a node still queues. */
const maxQueued = 64

export function createPool(): Pool {
  const byNonce = new Map<number, SimTransaction>()
  return {
    add(transaction, { nonce, balance, minTip }) {
      const { value, gas, maxFee, tip } = transaction
      const before = byNonce.get(transaction.nonce)
      if (before?.hash === transaction.hash) return 'already known'
      if (transaction.nonce < nonce)
        return `nonce too low: next nonce ${nonce}, tx nonce ${transaction.nonce}`
      if (gas < 21_000n) return 'intrinsic gas too low'
      if (tip > maxFee)
        return 'max priority fee per gas higher than max fee per gas'
      if (tip < minTip)
        return `transaction underpriced: gas tip cap ${tip}, minimum needed ${minTip}`
      if (balance < value + gas * maxFee)
        return `insufficient funds for gas * price + value: balance ${balance}`
      if (before !== undefined && !isTenPercentMore(transaction, before))
        return 'replacement transaction underpriced'
      if (transaction.nonce > nonce + maxQueued) return 'nonce too high'
      byNonce.set(transaction.nonce, transaction)
      return undefined
    },
    get: (nonce) => byNonce.get(nonce),
    has(hash) {
      for (const one of byNonce.values()) if (one.hash === hash) return one
      return undefined
    },
    countFrom(nonce) {
      let count = nonce
      while (byNonce.has(count)) count++
      return count
    },
    prune(nonce) {
      for (const one of byNonce.keys()) if (one < nonce) byNonce.delete(one)
    },
    remove(hash) {
      for (const [nonce, one] of byNonce)
        if (one.hash === hash) byNonce.delete(nonce)
    },
    clear: () => byNonce.clear(),
    all: () => [...byNonce.values()].sort((a, b) => a.nonce - b.nonce),
  }
}

function isTenPercentMore(next: SimTransaction, before: SimTransaction) {
  return (
    next.maxFee * 10n >= before.maxFee * 11n &&
    next.tip * 10n >= before.tip * 11n
  )
}
