import { createWindows } from '../../packages/guard/src/windows/createWindows.js'
import { createStore } from '../../packages/guard/src/windows/memory/createStore.js'
import type { Schedule } from './createSchedule.js'
import { epoch } from './createScheduler.js'
import type { World } from './createWorld.js'
import { type GuardItems, sharedOf } from './guardedProduct.js'
import { createRandom } from './random.js'

/**
 * How the windows' table goes back to what it was: in place, under its processes'
 * hands, which nothing in AWS does and somebody who writes to it can; or as a
 * restore, which is another table, and which other processes then use.
 */
export type How = 'in place' | 'restored'

/** What came of it, in ms of the schedule's time. */
export type RolledBack = {
  atMs: number
  /** When nothing was reserved any more. */
  haltedMs: number | undefined
  /** When an administrator accepted it. */
  liftedMs: number | undefined
}

const hourMs = 3_600_000
/** So long people take to find out what happened. */
const patienceMs = 100_000

/**
 * Half of the requests come when the table has forgotten the others, and the
 * window has room for about half of them.
 */
export function makeLate(schedule: Schedule): void {
  const random = createRandom(schedule.seed ^ 0x1a7e)
  for (const [index, request] of schedule.requests.entries()) {
    if (index % 2 === 0) continue
    const lateMs = random.between(20_000, 100_000)
    const { sends, cancels, speedUps, gets } = request
    for (const step of [...sends, ...cancels, ...speedUps, ...gets])
      step.atMs += lateMs
  }
  schedule.calmMs += 100_000
  // What they send, without their fees.
  const values = schedule.requests.reduce((sum, { value }) => sum + value, 0n)
  sharedOf(schedule).limit = values
}

/** Has the windows' table forgotten what was counted in some seconds. */
export function planRollback(world: World, how: How): RolledBack {
  const { schedule, scheduler, chain } = world
  const shared = sharedOf(schedule)
  const { items } = shared
  // A stream of its own: all else of the schedule stays as it is.
  const random = createRandom(schedule.seed ^ 0x9a2d)
  const atMs = random.between(15_000, 70_000)
  const lostMs = random.between(1000, atMs)
  const outcome: RolledBack = { atMs, haltedMs: undefined, liftedMs: undefined }
  noteVersion(items, `${chain.options.address}:${schedule.chainId}`)

  let backup: GuardItems = new Map()
  scheduler.tick(atMs - lostMs, () => {
    backup = structuredClone(items)
  })
  scheduler.after(atMs, () => {
    world.tell?.(`the windows' table is rolled back by ${lostMs} ms, ${how}`)
    items.clear()
    for (const [key, item] of structuredClone(backup)) items.set(key, item)
    if (how === 'restored') {
      // The stack is deployed with another table.
      shared.tableName = 'guard-1'
      const { senders, reconcilers } = schedule
      for (const name of [...senders, ...reconcilers.map((one) => one.name)])
        world.staff(name).process.kill()
      // A backup without a row of ours is an empty table.
      if (items.has('table\0table')) outcome.haltedMs = scheduler.now
    }
    watch()
  })

  function watch() {
    if (isHalted(items)) outcome.haltedMs ??= scheduler.now
    const { haltedMs } = outcome
    if (haltedMs !== undefined && scheduler.now > haltedMs + patienceMs) lift()
    else scheduler.tick(500, watch)
  }

  function lift() {
    outcome.liftedMs = scheduler.now
    const { process } = world.staff('guard-admin')
    const now = () => Math.floor((epoch + scheduler.now) / 1000) * 1000
    const table = { ...createStore(now, items), table: shared.tableName }
    process.start(() => {
      void createWindows(table, process.runtime)
        .unhalt('an administrator')
        .then(() => world.tell?.('the halt is lifted'))
    })
  }
  return outcome
}

/** The policy is in force for long. */
function noteVersion(items: GuardItems, of: string): void {
  const key = { pk: 'version', sk: of }
  const item = { version: '1', since: BigInt(epoch - hourMs) }
  items.set(`version\0${of}`, { key, item })
}

function isHalted(items: GuardItems): boolean {
  const row = items.get('halt\0halt')?.item
  return row !== undefined && row.halted !== 0n
}
