import type { Item, Value } from '../../packages/sender/src/ledger/Item.js'
import type { Account } from '../../packages/sender/src/ledger/TransactionRecord.js'
import { callDynamo, ledgerTable } from './ledgerTable.js'
import type { SenderHome } from './openSenderHome.js'

export const S = (text: string): Value => ({ S: text })
export const N = (number: number | bigint | string): Value => ({
  N: String(number),
})
export const B = (raw: string): Value => ({
  B: Buffer.from(raw.slice(2), 'hex').toString('base64'),
})
export const yes: Value = { BOOL: true }

type Key = { pk: Value; sk: Value }

/** Writes to an account's rows as somebody does whom no policy stops. */
export function createTableEnemy(
  { aws, tableName }: Pick<SenderHome, 'aws' | 'tableName'>,
  { chainId, address }: Account,
) {
  const of = `${chainId}#${address}`
  const call = (operation: string, input: object) =>
    callDynamo(aws, operation, { TableName: tableName, ...input })

  const keys = {
    transaction: (id: string): Key => ({ pk: S(`tx#${id}`), sk: S('tx') }),
    nonce: (nonce: bigint | number, index = 0): Key => ({
      pk: S(`account#${of}`),
      sk: S(
        `nonce#${String(nonce).padStart(20, '0')}${index === 0 ? '' : `#${String(index).padStart(4, '0')}`}`,
      ),
    }),
    head: { pk: S(`head#${of}`), sk: S('head') },
    lease: { pk: S(`head#${of}`), sk: S('lease') },
  }

  return {
    ...keys,
    async read(key: Key): Promise<Item> {
      const { Item: item } = await call('GetItem', { Key: key })
      return item as Item
    },
    put: (item: Item) => call('PutItem', { Item: item }),
    remove: (key: Key) => call('DeleteItem', { Key: key }),
    /** Changes some attributes; undefined takes one away. */
    async change(key: Key, changes: Record<string, Value | undefined>) {
      const { Item: item } = await call('GetItem', { Key: key })
      const changed = { ...(item as Item | undefined), ...key, ...changes }
      await call('PutItem', { Item: dropUndefined(changed) })
    },
    /** The nonce's row, as one that was signed for. */
    nonceRow: (nonce: bigint | number, fields: Item): Item => ({
      ...keys.nonce(nonce),
      kind: S('nonce.2'),
      v: N(2),
      nonce: N(nonce),
      createdAt: N(1),
      ...fields,
    }),
    attemptRow: (
      nonce: bigint | number,
      index: number,
      raw: string,
      fields: Item = {},
    ): Item => ({
      ...keys.nonce(nonce, index),
      kind: S('attempt.2'),
      v: N(2),
      nonce: N(nonce),
      index: N(index),
      purpose: S('request'),
      raw: B(raw),
      signedAt: N(Date.now()),
      ...fields,
    }),
    /** As AWS restores one: the same items, another name. */
    async copyTo(name: string): Promise<string> {
      await callDynamo(aws, 'CreateTable', ledgerTable(name))
      const { Items } = await call('Scan', {})
      for (const Item of Items as Item[])
        await callDynamo(aws, 'PutItem', { TableName: name, Item })
      return name
    },
  }
}

function dropUndefined(item: Record<string, Value | undefined>): Item {
  return Object.fromEntries(
    Object.entries(item).filter((pair): pair is [string, Value] => !!pair[1]),
  )
}
