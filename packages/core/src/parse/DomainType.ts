/** The fields of an EIP-712 domain, in the standard's order. */
export const fields: readonly {
  readonly name: string
  readonly type: string
}[] = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
  { name: 'salt', type: 'bytes32' },
]

/**
 * The only type that a standard field may have. A chain id in a string, or a
 * contract in bytes, would not be recognized as such.
 *
 * @returns undefined for a field that the standard doesn't have
 */
export const typeOf = (name: string): string | undefined =>
  fields.find((field) => field.name === name)?.type
