const [zero, address] = [0n, `0x${'00'.repeat(20)}`]

/** What a Safe's transaction has where it pays nobody for its execution. */
const unpaid = {
  gasPrice: zero,
  baseGas: zero,
  gasToken: address,
  refundReceiver: address,
} as const

/**
 * The fields by which a Safe pays whoever executes its transaction.
 *
 * @param of - Finds a field by its name; addresses are in lower case.
 */
export function refundsOf(
  of: (name: keyof typeof unpaid) => unknown,
): (keyof typeof unpaid)[] {
  const names = Object.keys(unpaid) as (keyof typeof unpaid)[]
  return names.filter((name) => of(name) !== unpaid[name])
}
