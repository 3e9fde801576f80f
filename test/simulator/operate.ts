import type { World } from './createWorld.js'
import type { Item } from './seams.js'
import { sendFromElsewhere } from './sendFromElsewhere.js'

/** How long an operator leaves to the reconcilers what they can mend. */
const patienceMs = 240_000
const againMs = 60_000

/** What an operator does once nothing goes wrong any more and work stands still. */
export function planOperator(world: World, isOver: () => boolean): void {
  const { scheduler, schedule } = world
  const look = () => {
    if (isOver()) return
    operate(world)
    scheduler.after(againMs, look)
  }
  scheduler.after(schedule.calmMs + patienceMs, look)
}

function operate(world: World): void {
  const { table, chain, schedule } = world
  const items = table.items()
  const has = (sk: string) =>
    items.find((item) => (item.sk as { S: string }).S.startsWith(sk))
  const head = has('head')
  const isBeginning = head === undefined && has('nonce#') === undefined
  if (isBeginning && world.restoredMs === 0) {
    fillFromElsewhere(world)
    // Others used the key before the ledger began, as it says.
    if (world.newLedger === chain.head.nonce) return
    world.newLedger = chain.head.nonce
    world.tell?.(`NEW_LEDGER is ${world.newLedger}`)
    for (const name of [
      ...schedule.senders,
      ...schedule.reconcilers.map((one) => one.name),
    ])
      world.staff(name).process.kill()
    return
  }
  const isOwn =
    head !== undefined &&
    (head.table as { S: string }).S === table.store.tableName
  if (!isOwn || head.haltReason !== undefined || isFar(head, world))
    repair(world, 0)
  else if (isStuckElsewhere(world))
    void sendFromElsewhere(world, { how: 'replaces', times: 1 })
}

/** What the pool holds next is not the ledger's, and too cheap for long. */
function isStuckElsewhere({ table, chain }: World): boolean {
  const sort = `nonce#${String(chain.head.nonce).padStart(20, '0')}`
  const row = table
    .items()
    .find((item) => (item.sk as { S: string }).S === sort)
  const { S: owner } = (row?.owner ?? {}) as { S?: string }
  return (
    owner === 'external' &&
    chain.nodes.some(({ pool }) =>
      pool.all().some(({ nonce }) => nonce === chain.head.nonce),
    )
  )
}

/** Whoever sends ahead of a gap has to fill it. */
function fillFromElsewhere(world: World): void {
  const { chain } = world
  const nonces = chain.nodes.flatMap(({ pool }) => pool.all())
  const missing =
    Math.max(...nonces.map(({ nonce }) => nonce)) - chain.pendingCount()
  if (missing > 0)
    void sendFromElsewhere(world, { how: 'next', times: missing })
}

function isFar({ nextNonce }: Item, { chain }: World): boolean {
  const next = Number((nextNonce as { N: string }).N)
  return next > chain.head.nonce + 10_000
}

/** Until it is done, as the guide has it. */
export function repair(world: World, left = 10): void {
  const { scheduler, chain } = world
  const again = () => {
    if (left > 0) scheduler.after(20_000, () => repair(world, left - 1))
  }
  // A repair is as good as the nodes that it asks: one at least is well.
  if (chain.nodes.every(({ faults }) => faults.size > 0)) {
    again()
    return
  }
  const { process, reconciler } = world.staff('admin')
  process.start(() => {
    reconciler.repair().then(
      (report) => {
        world.tell?.(
          `the repair is ${report.complete ? 'complete' : 'to be repeated'}`,
        )
        if (!report.complete) again()
      },
      (error: Error) => {
        world.tell?.(`the repair failed: ${error.message}`)
        again()
      },
    )
  })
}
