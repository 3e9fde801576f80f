import type { Table } from './createTable.js'
import type { Random } from './random.js'
import type { Item } from './seams.js'

/** What somebody who can write one row does to it. */
export const attacks = [
  'plants a request',
  'redirects a request',
  'takes the recipient away',
  'ends a request as mined',
  'renames a hash',
  'replaces the bytes',
  'cuts the bytes',
  'lends for ever',
  'shows it to another caller',
  'changes an owner',
  'changes a claim',
  'moves a request to another nonce',
  'deletes a nonce',
  'raises the head',
  'frees a used nonce',
  'renames the table',
  'changes a version',
  'opens what has ended',
] as const
export type Attack = (typeof attacks)[number]

/**
 * Attacks that only the table's policy stops, or that take from a request what
 * only its row knows: the request may stay unended or be told wrongly, but
 * nothing is paid twice or to a stranger.
 */
export const unended: ReadonlySet<Attack> = new Set([
  'redirects a request',
  'takes the recipient away',
  'ends a request as mined',
  'replaces the bytes',
  'cuts the bytes',
  'changes an owner',
  'changes a claim',
  'moves a request to another nonce',
  'deletes a nonce',
  'raises the head',
  'frees a used nonce',
  'renames the table',
  'changes a version',
  'opens what has ended',
])

/**
 * The key of the request that a row is about, or was given to; undefined where
 * it is about all of them.
 */
export function keyOf(item: Item, table: Table): string | undefined {
  const owner =
    text(item, 'sk') === 'tx' ? text(item, 'id') : ownerOf(item, table)
  const row = table.items().find((one) => text(one, 'id') === owner)
  if (row === undefined || owner === '') return undefined
  const request = JSON.parse(text(row, 'request')) as { idempotencyKey: string }
  return request.idempotencyKey
}

/** Of an attempt's row too: the nonce's row has it. */
function ownerOf(item: Item, table: Table): string {
  const [kind, nonce] = text(item, 'sk').split('#')
  const row = table
    .items()
    .find((one) => text(one, 'sk') === `${kind}#${nonce}`)
  return text(item, 'owner') || text(row ?? item, 'owner')
}

/** How the id of a request begins that an enemy made up. */
export const planted = 'bad0'

const thief = `0x${'66'.repeat(20)}`

/** Writes one row. @returns the row as it was; undefined where there was none */
export function attack(
  how: Attack,
  table: Table,
  random: Random,
): Item | undefined {
  const items = table.items()
  const pick = (fits: (item: Item) => boolean) => {
    const found = items.filter(fits)
    return found.length === 0 ? undefined : random.pick(found)
  }
  const isRequest = (item: Item) => text(item, 'sk') === 'tx'
  const isNonce = (item: Item) => text(item, 'kind').startsWith('nonce')
  const isUnsigned = (item: Item) =>
    ['accepted', 'reserved'].includes(text(item, 'status'))
  const hasBytes = (item: Item) => item.raw !== undefined
  const put = (item: Item | undefined, change: (item: Item) => Item) => {
    if (item !== undefined) table.put(change(item))
    return item
  }
  const set = (item: Item | undefined, values: Item) =>
    put(item, (one) => ({ ...one, ...values }))
  const request = pick(isRequest)
  const unsigned = pick((one) => isRequest(one) && isUnsigned(one)) ?? request
  const signed = pick(hasBytes)
  const nonce = pick(isNonce)
  const head = pick((one) => text(one, 'sk') === 'head')

  switch (how) {
    case 'plants a request': {
      const id = planted + random.hex(18)
      return put(request, (one) => ({
        ...redirect(one),
        pk: { S: `tx#${id}` },
        id: { S: id },
        status: { S: 'accepted' },
        requestHash: { S: '00'.repeat(32) },
      }))
    }
    case 'redirects a request':
      return put(unsigned, redirect)
    case 'takes the recipient away':
      return put(unsigned, (one) => change(one, ({ to: _, ...rest }) => rest))
    case 'ends a request as mined':
      return set(request, {
        status: { S: 'mined' },
        final: { BOOL: true },
        blockNumber: { N: '1001' },
        blockHash: { S: `0x${'fe'.repeat(32)}` },
        receiptStatus: { S: 'succeeded' },
      })
    case 'renames a hash':
      return set(signed, { hash: { S: `0x${random.hex(32)}` } })
    case 'replaces the bytes': {
      const other = pick((one) => hasBytes(one) && one.sk !== signed?.sk)
      const raw = other?.raw
      return raw === undefined ? undefined : set(signed, { raw })
    }
    case 'cuts the bytes':
      return put(signed, (one) => ({
        ...one,
        raw: { B: String((one.raw as { B?: string }).B).slice(0, 80) },
      }))
    case 'lends for ever':
      return set(
        pick((one) => text(one, 'sk') === 'lease'),
        { holder: { S: 'enemy' }, until: { N: '9999999999999' } },
      )
    case 'shows it to another caller':
      return put(request, (one) => ({
        ...one,
        callerOf: { S: `${text(one, 'callerOf')}x` },
      }))
    case 'changes an owner':
      return set(nonce, { owner: { S: random.hex(20) } })
    case 'changes a claim':
      return set(random.pick([nonce, request]), {
        claim: { S: random.hex(16) },
      })
    case 'moves a request to another nonce':
      return put(request, (one) => ({
        ...one,
        nonce: { N: String(random.below(12)) },
      }))
    case 'deletes a nonce':
      if (nonce !== undefined)
        table.delete({ pk: text(nonce, 'pk'), sk: text(nonce, 'sk') })
      return nonce
    case 'raises the head':
      return set(head, { nextNonce: { N: String(10 ** 15) } })
    case 'frees a used nonce':
      return put(head, (one) => ({
        ...one,
        free: { NS: [(nonce?.nonce as { N?: string })?.N ?? '0'] },
      }))
    case 'renames the table':
      return set(head, { table: { S: 'another' } })
    case 'changes a version':
      return set(random.pick(items), { v: { N: '9' } })
    case 'opens what has ended':
      return put(
        pick((one) => isRequest(one) && one.final !== undefined),
        ({ final: _, ...rest }) => ({ ...rest, status: { S: 'accepted' } }),
      )
  }
}

function text(item: Item, name: string): string {
  const value = item[name]
  return value !== undefined && 'S' in value ? value.S : ''
}

const redirect = (item: Item) => change(item, (one) => ({ ...one, to: thief }))

function change(
  item: Item,
  edit: (request: Record<string, unknown>) => object,
): Item {
  const given = text(item, 'request')
  if (given === '') return item
  return {
    ...item,
    request: { S: JSON.stringify(edit(JSON.parse(given))) },
  }
}
