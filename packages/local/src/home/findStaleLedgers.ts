import type { Principal } from '@keyward/iam/policy'
import { rpc } from '../chain/rpc.js'
import { chainId } from '../chain/startChain.js'
import type { DynamoDb } from '../dynamodb/createDynamoDb.js'

/** A ledger that is ahead of the chain for one of its accounts. */
export type StaleLedger = {
  tableName: string
  address: string
  /** The number of transactions that the ledger has settled. */
  settled: number
  /** The number of the account's transactions on the chain. */
  mined: number
}

type Item = Record<string, { N?: string } | undefined>

/**
 * Compares the stacks' ledgers with the chain. If a chain was reset or lost its
 * last blocks, the ledger has assigned nonces that the chain never saw, and the
 * reconciler does nothing. Tables with other content are ignored.
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

  /**
   * Reads the number of settled transactions, which is stored as docs/ledger.md
   * describes.
   */
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

/** The message for the person who started the home. */
export function describeStale(stale: StaleLedger): string {
  const { tableName, address, settled, mined } = stale
  return `The ledger ${tableName} is ahead of the chain: it has settled ${settled} transactions from ${address}, but the chain has only ${mined}. The chain was replaced or reset, so nothing more is sent for this account. To start again, run keyward local --reset`
}
