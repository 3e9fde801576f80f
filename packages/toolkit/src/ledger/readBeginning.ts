import { InputError } from '@keyward/core/errors'
import { defaultConfirmations, type Rpc } from '@keyward/sender'
import { quantity } from '../node/quantity.js'
import { pluralize } from '../text/pluralize.js'

/**
 * Reads the nonce at which an account's ledger can begin, which is its current
 * nonce once all earlier transactions are final.
 *
 * @throws InputError if the latest ones are not final yet
 */
export async function readBeginning(
  rpc: Rpc,
  {
    address,
    confirmations = defaultConfirmations(rpc.chainId),
  }: { address: string; confirmations?: number | undefined },
): Promise<bigint> {
  const block = await ask(rpc, 'eth_blockNumber', [])
  const count = await ask(rpc, 'eth_getTransactionCount', [address, 'latest'])
  const deep = block - BigInt(confirmations) + 1n
  const final =
    deep < 0n
      ? 0n
      : await ask(rpc, 'eth_getTransactionCount', [
          address,
          `0x${deep.toString(16)}`,
        ])
  if (count === final) return count
  throw new InputError(
    `${pluralize(count - final, 'transaction')} from ${address} ${count - final === 1n ? 'is' : 'are'} not final yet.`,
    {
      details: `A new ledger can be started once every transaction is ${pluralize(confirmations, 'block')} deep. Wait, and run the command again.`,
    },
  )
}

/** What the user must know before a ledger begins. */
export function beginsText(count: bigint, address: string): string {
  return count === 0n
    ? `The ledger begins at nonce 0: ${address} has not sent any transactions.`
    : `The ledger begins at nonce ${count} and does not contain earlier transactions from ${address}.`
}

async function ask(rpc: Rpc, method: string, params: unknown[]) {
  return quantity(await rpc.request(method, params), method)
}
