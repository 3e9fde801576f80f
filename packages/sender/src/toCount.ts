/** A number of transactions in words, for example `1 transaction`. */
export function toCount(count: bigint): string {
  return `${count} ${count === 1n ? 'transaction' : 'transactions'}`
}
