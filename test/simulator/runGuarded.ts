import { epoch } from './createScheduler.js'
import type { World } from './createWorld.js'
import { type Allowed, guardedProduct, sharedOf } from './guardedProduct.js'
import {
  type How,
  makeLate,
  planRollback,
  type RolledBack,
} from './rollBackGuard.js'
import { runSchedule } from './runSchedule.js'

/** What was reserved is signed within the reservation's time. */
const ttlMs = 60_000
const intervalMs = 3_600_000 - ttlMs

/** A schedule with a policy, and what it spent, beside the product. */
export async function runGuarded(
  seed: number,
  how?: How,
  trace?: string[],
): Promise<{
  /** What must never be so, of the ledger and of the windows. */
  violations: string[]
  /** How often something was signed. */
  allowed: number
  /** The most within the window's length; after a rollback, of what was paid. */
  spent: bigint
  limit: bigint
  rolledBack: RolledBack | undefined
}> {
  let left: World | undefined
  let rolledBack: RolledBack | undefined
  const { violations } = await runSchedule(seed, guardedProduct, {
    edit(schedule) {
      if (how !== undefined) makeLate(schedule)
    },
    plan(world) {
      if (how !== undefined) rolledBack = planRollback(world, how)
    },
    look(world) {
      left = world
    },
    ...(trace && { trace }),
  })
  const world = left as World
  const { allowed, limit } = sharedOf(world.schedule)
  const empty = findEmpty(world)
  const spending = allowed.filter(({ nonce }) => !empty.has(nonce))
  // Of what was signed and is nowhere, a table that has forgotten it can't tell.
  const spent = mostWithin(rolledBack ? findPaid(world, allowed) : spending)
  const found = [...violations]
  if (spent > limit && rolledBack?.haltedMs === undefined && !isBlind(world))
    found.push(`${spent} of ${limit} spent`)
  const late = spending.filter(
    (one) => rolledBack && isLate(one, rolledBack) && isDearer(one, spending),
  )
  if (late.length > 0) found.push(`${late.length} signed in a halt`)
  return {
    violations: found.map((text) => `seed ${seed}: ${text}`),
    ...{ allowed: allowed.length, spent, limit, rolledBack },
  }
}

/** Who has both tables forget, or the ledger lie, leaves nothing to compare with. */
function isBlind({ faults }: World): boolean {
  return (
    faults.struck.has('table rolled back') ||
    faults.struck.has('row written by an enemy')
  )
}

/** Signed in a halt, and not reserved before it. */
function isLate(
  { atMs }: Allowed,
  { haltedMs, liftedMs }: RolledBack,
): boolean {
  const ms = atMs - epoch
  return (
    haltedMs !== undefined &&
    ms > haltedMs + ttlMs + 10_000 &&
    ms < (liftedMs ?? Number.POSITIVE_INFINITY)
  )
}

/** A bump that costs no more than what its nonce counts reserves nothing. */
function isDearer(one: Allowed, all: readonly Allowed[]): boolean {
  const { nonce, cost, atMs } = one
  return !all.some(
    (other) => other.nonce === nonce && other.atMs < atMs && other.cost >= cost,
  )
}

function findMined({ chain }: World) {
  return [...chain.seen.values()].filter(({ hash }) =>
    chain.blocksWith(hash).some((block) => chain.isInChain(block)),
  )
}

/** What the chain has mined of what was allowed. */
function findPaid(world: World, allowed: readonly Allowed[]): Allowed[] {
  return findMined(world).flatMap(({ nonce, value, gas, maxFee }) => {
    const cost = value + gas * maxFee
    const own = allowed.filter(
      (one) => one.nonce === nonce && one.cost === cost,
    )
    return own.slice(-1)
  })
}

/** Nonces that a cancel or a filler has used: what was signed for them is void. */
function findEmpty(world: World): Set<number> {
  const { address } = world.chain.options
  return new Set(
    findMined(world)
      .filter(
        ({ to, value, data }) =>
          to === address && value === 0n && data === '0x',
      )
      .map(({ nonce }) => nonce),
  )
}

/** Of a nonce only one is ever mined, so that the dearest counts. */
function mostWithin(allowed: readonly Allowed[]): bigint {
  let most = 0n
  for (const { atMs: from } of allowed) {
    const byNonce = new Map<number, bigint>()
    for (const { nonce, cost, atMs } of allowed) {
      if (atMs < from || atMs > from + intervalMs) continue
      const before = byNonce.get(nonce) ?? 0n
      byNonce.set(nonce, cost > before ? cost : before)
    }
    const sum = [...byNonce.values()].reduce((a, b) => a + b, 0n)
    if (sum > most) most = sum
  }
  return most
}
