import type { Principal } from '@keyward/iam/policy'
import { rpc } from '../chain/rpc.js'
import { chainId } from '../chain/startChain.js'
import type { DynamoDb } from '../dynamodb/createDynamoDb.js'

/** A ledger that knows more of an account than the chain does. */
export type StaleLedger = {
  tableName: string
  address: string
  /** Transactions that the ledger has settled for good. */
  settled: number
  /** Transactions of the account that the chain has. */
  mined: number
}

type Item = Record<string, { N?: string } | undefined>

/**
 * Compares the ledgers of stacks with the chain. A chain that was reset, or
 * lost its end, would have nonces given away that it never saw: the reconciler
 * then does nothing. A table that holds something else is no ledger.
 */
export async function findStaleLedgers(parameters: {
  tableNames: readonly string[]
  addresses: readonly string[]
  port: number
  dynamodb: DynamoDb
  reader: Principal
}): Promise<StaleLedger[]> {
  const { tableNames, addresses, port, dynamodb, reader } = parameters
  const stale: StaleLedger[] = []
  for (const tableName of tableNames)
    for (const address of addresses) {
      const settled = await readSettled(tableName, address)
      if (settled === undefined) continue
      const count = await rpc(port, 'eth_getTransactionCount', [
        address,
        'latest',
      ])
      const mined = Number(count)
      if (mined < settled) stale.push({ tableName, address, settled, mined })
    }
  return stale

  /** Where docs/ledger.md has it. */
  async function readSettled(TableName: string, address: string) {
    const read = async (sk: string) => {
      const Key = {
        pk: { S: `head#${chainId}#${address.toLowerCase()}` },
        sk: { S: sk },
      }
      const output = await dynamodb
        .call('GetItem', { TableName, Key }, reader)
        .catch(() => ({}))
      return (output as { Item?: Item }).Item ?? {}
    }
    const [lease, head] = [await read('lease'), await read('head')]
    const text = lease.finalBelow?.N ?? head.first?.N
    return text === undefined ? undefined : Number(text)
  }
}

/** For the person who started the home. */
export function describeStale(stale: StaleLedger): string {
  const { tableName, address, settled, mined } = stale
  return `The ledger ${tableName} is ahead of the chain: it has settled ${settled} transactions of ${address}, and the chain has ${mined}. It is another chain, or one that was reset: nothing more is sent for this account. Start anew with: keyward local --reset`
}
