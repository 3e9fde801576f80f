import type { Hex } from '@keyward/core'
import type { Explained } from '@keyward/guard/calls'
import type { Danger, Finding, Rules } from '../danger/Danger.js'
import * as slots from '../state/slots.js'
import { unchanged } from './byTracers.js'
import { findGrants } from './findGrants.js'
import { findLosses } from './findLosses.js'
import { finding, topic } from './logs.js'
import type { Log, Trial } from './Simulation.js'
import type { Simulated } from './simulate.js'

const approvedHash = topic('ApproveHash(bytes32,address)')
const signedMessage = topic('SignMsg(bytes32)')

/** Dangers of calls whose effects show in the Safe's settings afterwards. */
const settings: readonly Danger[] = [
  ...(['owners', 'modules', 'guard', 'fallback-handler'] as const),
  'approve-hash',
]

/**
 * Effects of a transaction beyond those it states: changed settings of the
 * Safe, and additional losses.
 */
export function findDeviations(
  trial: Trial,
  call: Explained,
  { simulation, changed }: Simulated,
  { open = [], named = [] }: Rules,
): Finding[] {
  const findings = [
    ...findChangedSettings(trial, { simulation, changed }),
    ...findHashes(trial, simulation.logs),
    ...findGrants(trial, simulation.logs),
    ...findLosses(trial, call, simulation),
  ]
  // The effects of an allowed call appear here without the call's path.
  const meant = named.map(({ danger }) => danger)
  return findings.filter(
    ({ danger }) =>
      !open.includes(danger) &&
      !(settings.includes(danger) && meant.includes(danger)),
  )
}

function findChangedSettings(
  { state }: Trial,
  { simulation, changed }: Simulated,
): Finding[] {
  const { owners, modules, guard, fallbackHandler, nonce } = state
  const was = new Map<Hex, [Danger, string, bigint]>()
  const expect = (slot: Hex, danger: Danger, name: string, value: bigint) =>
    was.set(slot, [danger, name, value])
  expect(slots.singleton, 'storage', 'code', BigInt(state.singleton))
  expect(slots.ownerCount, 'owners', 'number of owners', BigInt(owners.length))
  expect(slots.threshold, 'owners', 'threshold', BigInt(state.threshold))
  expect(slots.nonce, 'storage', 'nonce', nonce + 1n)
  expect(slots.guard, 'guard', 'guard', BigInt(guard))
  expect(
    slots.fallbackHandler,
    'fallback-handler',
    'fallback handler',
    BigInt(fallbackHandler),
  )
  for (const [danger, name, list, after] of [
    ['owners', 'list of owners', owners, slots.ownerAfter],
    ['modules', 'list of modules', modules, slots.moduleAfter],
  ] as const) {
    const chain = [slots.sentinel, ...list, slots.sentinel]
    for (const [index, one] of chain.slice(0, -1).entries()) {
      const next = chain[index + 1] as Hex
      // The head of an empty list may be zero.
      const isEmpty =
        list.length === 0 && simulation.slots.get(after(one)) === empty
      expect(after(one), danger, name, isEmpty ? 0n : BigInt(next))
    }
  }
  const found: Finding[] = []
  for (const [slot, [danger, name, value]] of was) {
    const is = simulation.slots.get(slot)
    if (is === unchanged && slot !== slots.nonce) continue
    if (is !== undefined && is !== unchanged && BigInt(is) === value) continue
    found.push(
      finding(
        danger,
        `afterwards, slot ${slot} (the Safe's ${name}) would hold ${is ?? 'an unknown value'}`,
      ),
    )
  }
  const links = findLinks(simulation.slots, changed ?? new Map())
  for (const [slot, is] of changed ?? [])
    if (!was.has(slot))
      found.push(
        finding(
          links.get(slot) ?? 'storage',
          `slot ${slot} of the Safe would hold ${is}`,
        ),
      )
  return found
}

/** Slots of the list entries for new owners and modules. */
function findLinks(
  watched: ReadonlyMap<Hex, Hex>,
  changed: ReadonlyMap<Hex, Hex>,
): Map<Hex, Danger> {
  const links = new Map<Hex, Danger>()
  const values = [...watched.values(), ...changed.values()]
  for (const value of values) {
    if (value.length !== 66 || BigInt(value) >> 160n !== 0n) continue
    const address = slots.toAddress(value)
    links.set(slots.ownerAfter(address), 'owners')
    links.set(slots.moduleAfter(address), 'modules')
  }
  return links
}

const empty: Hex = `0x${'00'.repeat(32)}`

/** Hashes that would from then on count as approved by the Safe or an owner. */
function findHashes({ domain }: Trial, logs: readonly Log[]): Finding[] {
  return logs.flatMap(({ address, topics, data }) => {
    if (address.toLowerCase() !== domain.safe) return []
    const [kind, hash] = topics
    return kind === approvedHash || kind === signedMessage
      ? [finding('approve-hash', `the hash ${hash ?? data} would be approved`)]
      : []
  })
}
