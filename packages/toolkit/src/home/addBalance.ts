import { rpc } from './rpc.js'

/**
 * Adds to an account's balance on the home's chain.
 *
 * @returns The new balance, in wei.
 * @throws ChainError
 */
export async function addBalance(
  url: string,
  address: string,
  wei: bigint,
): Promise<bigint> {
  const before = await rpc<string>(url, 'eth_getBalance', [address, 'latest'])
  const after = BigInt(before) + wei
  await rpc(url, 'anvil_setBalance', [address, `0x${after.toString(16)}`])
  return after
}

/**
 * Gives an account its first ether, unless it already has or had some.
 *
 * @throws ChainError
 */
export async function giveFirst(
  url: string,
  address: string,
  wei: bigint,
): Promise<void> {
  const [balance, count] = await Promise.all(
    ['eth_getBalance', 'eth_getTransactionCount'].map((method) =>
      rpc<string>(url, method, [address, 'latest']),
    ),
  )
  if (BigInt(balance ?? 0) === 0n && BigInt(count ?? 0) === 0n)
    await addBalance(url, address, wei)
}
