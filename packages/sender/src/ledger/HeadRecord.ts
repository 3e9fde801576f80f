import * as Item from './Item.js'
import { type Account, openOf } from './TransactionRecord.js'

const haltReasons = ['foreign', 'missing', 'lost'] as const

/** Where the next nonce is looked for first; the nonces' rows decide. */
export type HeadRecord = {
  next: bigint
  /** Where the ledger began: lower ones are not its business. */
  first: bigint
  /** Below `next`, and not owned by anybody. */
  free: bigint[]
  /** Members of the set of free ones that can't be: somebody put them there. */
  junk: string[]
  /** Name of the table that it was written in: a restored one has another. */
  table: string
  /** Random, new at the beginning and at each repair. */
  ledgerId: string
  /** How far it rose, on the word of a node, over numbers without rows. */
  rises: Rises
  /** Nothing is accepted until every nonce below `below` is settled. */
  halt: Halt | undefined
  /**
   * The ledger has lost rows, and repair wrote down transactions in their place,
   * or may still have to: requests are compared with them.
   */
  hasAdopted: boolean
}

export type Halt = {
  /** `lost`: a repair found what waits behind numbers of which nothing is known. */
  reason: (typeof haltReasons)[number]
  below: bigint
  /** What is lost below it must be settled, whatever halted it besides. */
  lostBelow?: bigint | undefined
}

export type Rises = {
  /** Hours since 1970, and how many numbers in it. */
  hour: number
  inHour: number
  /** Days since 1970, and how many numbers in it. */
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

/** What a head says of a halt, and nothing else does. */
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

/** Half of one stops the head as a whole one does, so it counts as one. */
function readHalt(item: Item.Item, fields: Item.Reader): Halt | undefined {
  const { haltReason, haltBelow } = item
  if (haltReason === undefined && haltBelow === undefined) return undefined
  const written = fields.optionalText('haltReason')
  const reason = haltReasons.find((one) => one === written) ?? 'missing'
  const below = fields.optionalBigint('haltBelow') ?? 0n
  const lostBelow =
    reason === 'lost' ? below : fields.optionalBigint('lostBelow')
  return { reason, below, ...(lostBelow === undefined ? {} : { lostBelow }) }
}
