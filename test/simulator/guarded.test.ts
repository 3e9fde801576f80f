import { expect, test } from 'vitest'
import { soak } from '../support/tools.js'
import type { World } from './createWorld.js'
import { guardedProduct, sharedOf } from './guardedProduct.js'
import { runSchedule } from './runSchedule.js'

// The simulator's schedules, with a policy whose windows have room for half of
// what is asked for: nothing that the ledger promises may suffer, and no more is
// signed within the window's length than it allows.

const howMany = soak ? 5000 : 60
/** What was reserved is signed within the reservation's time. */
const intervalMs = 3_600_000 - 60_000

test(`${howMany} schedules: the ledger's promises hold, and the window's`, async () => {
  const broken: string[] = []
  const seen = { allowed: 0, full: 0 }
  for (let seed = 0; seed < howMany; seed++) {
    let left: World | undefined
    const { violations } = await runSchedule(seed, guardedProduct, {
      look: (world) => {
        left = world
      },
    })
    const world = left as World
    const { allowed, limit } = sharedOf(world.schedule)
    seen.allowed += allowed.length
    const empty = findEmpty(world)
    const spent = mostWithin(allowed.filter(({ nonce }) => !empty.has(nonce)))
    if (spent > limit / 2n) seen.full++
    broken.push(...violations.map((text) => `seed ${seed}: ${text}`))
    if (spent > limit) broken.push(`seed ${seed}: ${spent} of ${limit} spent`)
  }
  expect(broken).toEqual([])
  // Windows that are never near their limit prove nothing.
  expect(seen.allowed).toBeGreaterThan(howMany)
  expect(seen.full).toBeGreaterThan(howMany / 3)
}, 3_600_000)

/** Nonces that a cancel or a filler has used: what was signed for them is void. */
function findEmpty({ chain }: World): Set<number> {
  const { address } = chain.options
  const mined = [...chain.seen.values()].filter(({ hash }) =>
    chain.blocksWith(hash).some((block) => chain.isInChain(block)),
  )
  return new Set(
    mined
      .filter(
        ({ to, value, data }) =>
          to === address && value === 0n && data === '0x',
      )
      .map(({ nonce }) => nonce),
  )
}

/** Of a nonce only one is ever mined, so that the dearest counts. */
function mostWithin(allowed: ReturnType<typeof sharedOf>['allowed']): bigint {
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
