const [zero, address] = [0n, `0x${'00'.repeat(20)}`]

/** The fields of a Safe transaction that pays no one for its execution. */
const unpaid = {
  gasPrice: zero,
  baseGas: zero,
  gasToken: address,
  refundReceiver: address,
} as const

/**
 * The fields with which a Safe pays the executing account.
 *
 * @param of - Finds a field by name; addresses are in lower case.
 */
export function refundsOf(
  of: (name: keyof typeof unpaid) => unknown,
): (keyof typeof unpaid)[] {
  const names = Object.keys(unpaid) as (keyof typeof unpaid)[]
  return names.filter((name) => of(name) !== unpaid[name])
}
