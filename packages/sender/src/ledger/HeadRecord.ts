import * as Item from './Item.js'
import { type Account, openOf } from './TransactionRecord.js'

const haltReasons = ['foreign', 'missing', 'lost'] as const

/**
 * A hint for finding the next nonce. Only the nonces' rows are authoritative.
 */
export type HeadRecord = {
  next: bigint
  /** Where the ledger begins; it ignores lower nonces. */
  first: bigint
  /** Nonces below `next` without an owner. */
  free: bigint[]
  /** Invalid members of the set of free nonces; another program added them. */
  junk: string[]
  /**
   * Name of the table in which the head was written. A restored table has a
   * different name.
   */
  table: string
  /** Random; renewed when the ledger begins and after each repair. */
  ledgerId: string
  /**
   * How far the head was raised over nonces without rows, based on a node's
   * count.
   */
  rises: Rises
  /** Nothing is accepted until every nonce below `below` is settled. */
  halt: Halt | undefined
  /**
   * The ledger has lost rows, and repair has recorded transactions in their
   * place or may still have to. Requests are compared with them.
   */
  hasAdopted: boolean
}

export type Halt = {
  /**
   * `lost` means that repair found transactions that wait for nonces about
   * which nothing is known.
   */
  reason: (typeof haltReasons)[number]
  below: bigint
  /**
   * Lost nonces below this one must be settled, even if the halt has another
   * reason.
   */
  lostBelow?: bigint | undefined
}

export type Rises = {
  /** Hours since 1970, and the nonces counted in that hour. */
  hour: number
  inHour: number
  /** Days since 1970, and the nonces counted on that day. */
  day: number
  inDay: number
}

export const keyOf = (account: Account) => ({
  pk: `head#${openOf(account)}`,
  sk: 'head',
})

export const leaseKeyOf = (account: Account) => ({
  pk: `head#${openOf(account)}`,
  sk: 'lease',
})

export function toItem(
  account: Account,
  head: Pick<HeadRecord, 'next' | 'first' | 'table' | 'ledgerId'> &
    Partial<Pick<HeadRecord, 'hasAdopted' | 'halt'>>,
): Item.Item {
  const { next, first, table, ledgerId, hasAdopted, halt } = head
  return Item.create('head', {
    ...keyOf(account),
    nextNonce: next,
    first,
    table,
    ledgerId,
    adopted: hasAdopted || undefined,
    ...toHaltAttributes(halt),
  })
}

/** The head attributes that describe a halt. */
export const haltAttributes = ['haltReason', 'haltBelow', 'lostBelow']

export const toHaltAttributes = (halt: Halt | undefined) => ({
  haltReason: halt?.reason,
  haltBelow: halt?.below,
  lostBelow: halt?.reason === 'lost' ? halt.below : halt?.lostBelow,
})

/** @throws LedgerItemError, LedgerVersionError */
export function fromItem(item: Item.Item): HeadRecord {
  const fields = Item.read(item, 'head')
  const next = fields.bigint('nextNonce')
  const written = fields.numbers('free')
  const isFree = (text: string) =>
    /^[0-9]{1,20}$/.test(text) && BigInt(text) < next
  return {
    next,
    first: fields.bigint('first'),
    free: written
      .filter(isFree)
      .map(BigInt)
      .sort((a, b) => (a < b ? -1 : 1)),
    junk: written.filter((text) => !isFree(text)),
    table: fields.text('table'),
    ledgerId: fields.text('ledgerId'),
    rises: {
      hour: fields.optionalNumber('riseHour') ?? 0,
      inHour: fields.optionalNumber('riseHourCount') ?? 0,
      day: fields.optionalNumber('riseDay') ?? 0,
      inDay: fields.optionalNumber('riseDayCount') ?? 0,
    },
    halt: readHalt(item, fields),
    hasAdopted: fields.flag('adopted'),
  }
}

/**
 * An incomplete halt stops the head as a complete one does, so it counts as a
 * halt.
 */
function readHalt(item: Item.Item, fields: Item.Reader): Halt | undefined {
  const { haltReason, haltBelow } = item
  if (haltReason === undefined && haltBelow === undefined) return undefined
  const written = fields.optionalText('haltReason')
  const reason = haltReasons.find((one) => one === written) ?? 'missing'
  const below = fields.optionalBigint('haltBelow') ?? 0n
  const lostBelow =
    reason === 'lost' ? below : fields.optionalBigint('lostBelow')
  return { reason, below, lostBelow }
}
