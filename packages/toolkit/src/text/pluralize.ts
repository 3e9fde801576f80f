/** For example `1 transaction`, `2 transactions`. */
export function pluralize(count: bigint | number, noun: string): string {
  return `${count} ${noun}${BigInt(count) === 1n ? '' : 's'}`
}
