import { EtherAmount, type Hex } from '@keyward/core'
import * as Hash from 'ox/Hash'
import { fromString } from 'ox/Hex'
import type { Explained } from '../calls/Call.js'
import type { Danger, Finding, Rules } from '../danger/Danger.js'
import * as slots from '../state/slots.js'
import { unchanged } from './byTracers.js'
import { findOutflows } from './findOutflows.js'
import type { Log, Trial } from './Simulation.js'
import type { Simulated } from './simulate.js'

const topic = (text: string) => Hash.keccak256(fromString(text))
const transferred = topic('Transfer(address,address,uint256)')
const transferredSingle = topic(
  'TransferSingle(address,address,address,uint256,uint256)',
)
const transferredBatch = topic(
  'TransferBatch(address,address,address,uint256[],uint256[])',
)
const approvedHash = topic('ApproveHash(bytes32,address)')
const signedMessage = topic('SignMsg(bytes32)')
/** In whose name a node logs moves of ether. */
const ether: Hex = `0x${'ee'.repeat(20)}`

/**
 * What a transaction does beside what it says: settings of the Safe that are
 * other ones afterwards, and what it loses more.
 */
export function findDeviations(
  trial: Trial,
  call: Explained,
  { simulation, changed }: Simulated,
  { open = [] }: Rules,
): Finding[] {
  const findings = [
    ...findChangedSettings(trial, { simulation, changed }),
    ...findHashes(trial, simulation.logs),
    ...findLosses(trial, call, simulation),
  ]
  return findings.filter(({ danger }) => !open.includes(danger))
}

const finding = (danger: Danger, text: string): Finding => ({
  ...{ danger, path: '', text },
})

function findChangedSettings(
  { state }: Trial,
  { simulation, changed }: Simulated,
): Finding[] {
  const { owners, modules, guard, fallbackHandler, nonce } = state
  const was = new Map<Hex, [Danger, string, bigint]>()
  const expect = (slot: Hex, danger: Danger, name: string, value: bigint) =>
    was.set(slot, [danger, name, value])
  expect(
    slots.singleton,
    'storage',
    'the code that it runs (slot 0)',
    BigInt(state.singleton),
  )
  expect(
    slots.ownerCount,
    'owners',
    'how many owners it has',
    BigInt(owners.length),
  )
  expect(slots.threshold, 'owners', 'its threshold', BigInt(state.threshold))
  expect(slots.nonce, 'storage', 'its nonce', nonce + 1n)
  expect(slots.guard, 'guard', 'its guard', BigInt(guard))
  expect(
    slots.fallbackHandler,
    'fallback-handler',
    'its fallback handler',
    BigInt(fallbackHandler),
  )
  for (const [danger, name, list, after] of [
    ['owners', 'its owners', owners, slots.ownerAfter],
    ['modules', 'its modules', modules, slots.moduleAfter],
  ] as const) {
    const chain = [slots.sentinel, ...list, slots.sentinel]
    for (const [index, one] of chain.slice(0, -1).entries()) {
      const next = chain[index + 1] as Hex
      // Of an empty list the head may hold nothing.
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
        `afterwards ${name} would be ${is ?? 'unknown'} (slot ${slot})`,
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

/** Slots of the lists that new owners and modules would have. */
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

/** Hashes that would count as the Safe's, or an owner's, from then on. */
function findHashes({ domain }: Trial, logs: readonly Log[]): Finding[] {
  return logs.flatMap(({ address, topics, data }) => {
    if (address.toLowerCase() !== domain.safe) return []
    const [kind, hash] = topics
    return kind === approvedHash || kind === signedMessage
      ? [finding('approve-hash', `the hash ${hash ?? data} would be approved`)]
      : []
  })
}

function findLosses(
  { domain, state }: Trial,
  call: Explained,
  { logs, balance, tokens }: Simulated['simulation'],
): Finding[] {
  const { safe } = domain
  const says = findOutflows(call, safe)
  const found: Finding[] = []
  const add = (came: bigint, said: bigint, what: string) => {
    if (came > said)
      found.push(
        finding(
          'balance',
          `the Safe would lose ${came} ${what}, and says that it sends ${said}`,
        ),
      )
  }
  const lost = state.balance - balance
  if (lost > says.wei)
    found.push(
      finding(
        'balance',
        `the Safe would lose ${EtherAmount.fromWei(lost)} ether, and says that it sends ${EtherAmount.fromWei(says.wei)}`,
      ),
    )
  const moved = new Map<Hex, bigint>()
  for (const log of logs) {
    const token = log.address.toLowerCase() as Hex
    if (token === ether) continue
    const net = netOf(log, safe)
    if (net !== 0n) moved.set(token, (moved.get(token) ?? 0n) + net)
  }
  for (const [token, { before, after }] of tokens) {
    const fell = before - after
    if (fell > (moved.get(token) ?? 0n)) moved.set(token, fell)
  }
  for (const [token, net] of moved)
    add(net, says.tokens.get(token) ?? 0n, `of the token ${token}`)
  return found
}

/** What the Safe loses by it, in the token's smallest unit; less than 0: gains. */
function netOf({ topics, data }: Log, safe: Hex): bigint {
  const [kind, ...rest] = topics
  const holder = rest.map((word) => slots.toAddress(word))
  const direction = (from: Hex | undefined, to: Hex | undefined) =>
    (from === safe ? 1n : 0n) - (to === safe ? 1n : 0n)
  if (kind === transferred) {
    // An id in a topic is one piece; an amount stands in the data.
    const amount = rest.length === 3 ? 1n : toAmount(data)
    return direction(holder[0], holder[1]) * amount
  }
  if (kind === transferredSingle)
    return direction(holder[1], holder[2]) * toAmount(`0x${data.slice(66)}`)
  // Of many kinds at once the sum says nothing: it counts as one.
  if (kind === transferredBatch) return direction(holder[1], holder[2])
  return 0n
}

const toAmount = (data: Hex) =>
  data.length >= 66 ? BigInt(data.slice(0, 66)) : 0n
