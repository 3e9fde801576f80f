import type { Rpc } from '@keyward/sender'
import { quantity } from './quantity.js'

/** An account as a chain sees it. */
export type Account = {
  wei: bigint
  /** The number of mined transactions. */
  nonce: bigint
  /** The number of pending transactions that the endpoint knows about. */
  waiting: bigint
}

/** @throws the errors of {@link Rpc.request} */
export async function read(rpc: Rpc, address: string): Promise<Account> {
  const ask = async (method: string, block: string) =>
    quantity(await rpc.request(method, [address, block]), method)
  const [wei, nonce, pending] = await Promise.all([
    ask('eth_getBalance', 'latest'),
    ask('eth_getTransactionCount', 'latest'),
    ask('eth_getTransactionCount', 'pending'),
  ])
  return { wei, nonce, waiting: pending > nonce ? pending - nonce : 0n }
}
