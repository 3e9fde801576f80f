import { lies } from './chain/lie.js'
import { type Character, drawCharacter } from './chain/Manners.js'
import { attacks } from './enemy.js'
import { type Fault, type Kind, kinds, places } from './Fault.js'
import { createRandom, type Random } from './random.js'

type Hex = `0x${string}`

/** Everything that is decided before a run: the same for the same seed. */
export type Schedule = {
  seed: number
  /** What the chain is like. */
  character: Character
  /**
   * Of this seed alone: so no bytes of another schedule are met again, and what
   * a process remembers of them changes nothing.
   */
  chainId: number
  confirmations: number
  blockMs: number
  perBlock: number
  startNonce: number
  /** Wei per gas. */
  baseFee: bigint
  tip: bigint
  caps: { maxFeePerGas: bigint; maxTxFee: bigint }
  nodes: number
  senders: string[]
  reconcilers: { name: string; everyMs: number; startMs: number }[]
  requests: Planned[]
  faults: Fault[]
  /** From then on nothing new goes wrong. */
  calmMs: number
}

/** A request, and what its caller does about it. */
export type Planned = {
  key: string
  to: Hex
  /** Unlike that of any other request, so that each payment has one cause. */
  value: bigint
  data: Hex
  speed: 'slow' | 'normal' | 'fast'
  /** Wei per gas. */
  maxFeePerGas?: bigint
  validForMs?: number
  /** It is mined as a failure. */
  reverts: boolean
  /** The first one sends it, others repeat it. */
  sends: Step[]
  cancels: Step[]
  speedUps: Step[]
  gets: Step[]
}

/** Something a caller asks of a sender. */
export type Step = { atMs: number; sender: string; waitMs: number }

const gwei = 10n ** 9n
const firstChainId = 1_000_000
const minFaults = 4
const maxFaults = 8

export function createSchedule(seed: number): Schedule {
  const random = createRandom(seed)
  const senders = names('sender', random.between(2, 3))
  const reconcilers = names('reconciler', 2).map((name) => ({
    name,
    everyMs: random.between(20, 60) * 1000,
    startMs: random.below(30_000),
  }))
  const confirmations = random.between(3, 12)
  const nodes = random.between(2, 3)
  const requests = Array.from({ length: random.between(3, 8) }, (_, index) =>
    plan(random, index, senders),
  )
  const faults = drawFaults(random, {
    processes: [...senders, ...reconcilers.map(({ name }) => name)],
    nodes: names('node', nodes),
    confirmations,
  })
  const schedule = {
    caps: random.pick([100, 300, 500]),
    baseFee: random.between(5, 40),
    blockMs: random.pick([1000, 2000, 4000, 12_000]),
  }
  if (random.chance(letGoShare))
    leadToLetGo(random, schedule, { senders, reconcilers, requests, faults })
  // The base fee wanders about its start: a cap below would wait for ever, told.
  const least = (BigInt(schedule.baseFee) * gwei * 5n) / 4n
  for (const request of requests)
    if (request.maxFeePerGas !== undefined && request.maxFeePerGas < least)
      request.maxFeePerGas = least
  const ends = faults.map(({ atMs, ms = 0 }) => atMs + ms)
  return {
    seed,
    character: drawCharacter(createRandom(seed ^ 0xc4a)),
    chainId: firstChainId + seed,
    confirmations,
    blockMs: schedule.blockMs,
    perBlock: random.between(1, 6),
    startNonce: random.pick([0, 0, 2, 7]),
    baseFee: BigInt(schedule.baseFee) * gwei,
    tip: BigInt(random.between(1, 3)) * gwei,
    caps: {
      maxFeePerGas: BigInt(schedule.caps) * gwei,
      maxTxFee: 10n ** 17n,
    },
    nodes,
    senders,
    reconcilers,
    requests,
    faults,
    calmMs: Math.max(90_000, ...ends) + 30_000,
  }
}

const names = (word: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${word}-${index}`)

function plan(random: Random, index: number, senders: string[]): Planned {
  const startMs = random.chance(0.5) ? random.below(2000) : random.below(60_000)
  const step = (fromMs: number, withinMs: number): Step => ({
    atMs: fromMs + random.below(withinMs),
    sender: random.pick(senders),
    waitMs: random.pick([3000, 10_000, 30_000]),
  })
  const maybe = (share: number, within: number) =>
    random.chance(share) ? [step(startMs + 1, within)] : []
  const planned: Planned = {
    key: `request-${index}`,
    to: `0x${random.hex(20)}`,
    value: 10n ** 15n + BigInt(index + 1) * 10n ** 9n,
    data: random.chance(0.8) ? '0x' : `0x${random.hex(36)}`,
    speed: random.pick(['slow', 'normal', 'fast']),
    reverts: random.chance(0.05),
    sends: [step(startMs, 1), ...maybe(0.25, random.pick([50, 8000, 90_000]))],
    cancels: maybe(0.15, random.pick([500, 60_000])),
    speedUps: maybe(0.15, 90_000),
    gets: [step(startMs, 60_000), step(startMs, 180_000)],
  }
  if (random.chance(0.15))
    planned.maxFeePerGas = BigInt(random.between(30, 120)) * gwei
  if (random.chance(0.2)) planned.validForMs = random.between(100, 120_000)
  return planned
}

/** Of the schedules. */
const letGoShare = 0.03

/**
 * KMS is slower than others' patience, the chain is too dear for a while, so
 * that the nonce is given back; then the request is repeated twice, and the first
 * of the two dies before it has bound what it took.
 */
function leadToLetGo(
  random: Random,
  chain: { caps: number; baseFee: number; blockMs: number },
  parts: Pick<Schedule, 'senders' | 'reconcilers' | 'requests' | 'faults'>,
): void {
  const { senders, reconcilers, requests, faults } = parts
  const [first, second, third = first] = senders as [string, string, string?]
  const [request] = requests as [Planned]
  Object.assign(chain, { caps: 100, baseFee: 30, blockMs: 4000 })
  for (const one of reconcilers) one.everyMs = 20_000
  const startMs = random.below(2000)
  const againMs = startMs + random.between(42_000, 60_000)
  const step = (atMs: number, sender: string) => ({
    ...{ atMs, sender },
    waitMs: 90_000,
  })
  request.sends = [
    step(startMs, first),
    step(againMs, second),
    step(againMs + random.between(50, 2000), third),
  ]
  request.cancels = []
  delete request.validForMs
  delete request.maxFeePerGas
  const slowMs = random.between(62_000, 80_000)
  faults.splice(
    0,
    3,
    { kind: 'KMS slow', atMs: startMs, target: first, ms: slowMs },
    { kind: 'base fee x 8', atMs: startMs + 14_000 },
    {
      kind: 'crash after a write',
      atMs: againMs - 1,
      target: second,
      skip: random.between(0, 3),
    },
  )
}

type Targets = { processes: string[]; nodes: string[]; confirmations: number }

function drawFaults(random: Random, targets: Targets): Fault[] {
  const count = random.between(minFaults, maxFaults)
  const faults = Array.from({ length: count }, () =>
    drawFault(random, drawKind(random), targets),
  )
  // One restore is enough for a schedule, and so is one thief.
  return faults.filter(
    ({ kind }, at) =>
      places[kind] !== 'table' ||
      faults.findIndex((one) => one.kind === kind) === at,
  )
}

/** They strike less often than they are drawn. */
const rare = kinds.filter((kind) => ['send', 'sign'].includes(places[kind]))

/** Those that end a ledger are rarer, or nothing else would be seen. */
function drawKind(random: Random): Kind {
  const kind = random.pick(random.chance(0.15) ? rare : kinds)
  return places[kind] === 'table' && random.chance(0.5)
    ? random.pick(kinds)
    : kind
}

function drawFault(random: Random, kind: Kind, targets: Targets): Fault {
  const atMs = random.chance(0.4) ? random.below(3000) : random.below(90_000)
  const someone = random.pick(targets.processes)
  const fault: Fault = { kind, atMs }
  switch (places[kind]) {
    case 'write':
      fault.target = someone
      fault.skip = random.below(8)
      if (kind === 'sleep longer than a lease') {
        fault.ms = random.between(60, 180) * 1000
        fault.how = random.pick(['before', 'after'])
      } else {
        fault.ms = random.pick([50, 500, 3000, 20_000])
        fault.times = random.pick([1, 1, 2, 4])
      }
      break
    case 'index':
      fault.target = someone
      fault.skip = random.below(2)
      fault.times = random.between(1, 4)
      break
    case 'send':
      fault.target = someone
      fault.skip = random.below(3)
      break
    case 'ask':
      fault.target = someone
      fault.skip = random.below(12)
      fault.times = random.pick([1, 1, 3])
      fault.ms = random.pick([800, 4000, 8000])
      break
    case 'sign':
      fault.target = someone
      fault.skip = random.below(2)
      fault.times = random.pick([1, 1, 3])
      // Some are slower than the grace that others' work is given.
      fault.ms = random.pick([200, 3000, 16_000, 25_000])
      break
    case 'process':
      fault.target = someone
      fault.ms = random.pick([-90_000, -20_000, -2000, 2000, 20_000, 90_000])
      break
    case 'node':
      fault.target = random.pick(targets.nodes)
      fault.ms = random.pick([4000, 15_000, 60_000])
      if (kind === 'node lags') fault.depth = random.pick([1, 3, 10, 40])
      if (kind === 'node lies') fault.how = random.pick(lies)
      if (kind === 'node drops')
        fault.how = random.pick(['keeps it', 'forgets it'])
      break
    case 'chain':
      drawChainFault(random, fault, targets)
      break
    case 'table':
      if (kind === 'row written by an enemy') fault.how = random.pick(attacks)
      // So much is lost, and so long nobody repairs it.
      else fault.ms = random.between(1, 40) * 1000
  }
  return fault
}

function drawChainFault(random: Random, fault: Fault, targets: Targets) {
  const { confirmations } = targets
  if (fault.kind === 'reorg') {
    fault.atMs = random.between(5000, 120_000)
    fault.depth = random.chance(0.75)
      ? random.between(1, confirmations)
      : random.between(confirmations, 64)
    fault.how = random.pick(['back in the pool', 'mined again', 'lost'])
  }
  if (fault.kind === 'another wallet sends') {
    fault.how = random.pick(['next', 'next', 'replaces', 'ahead'])
    fault.times = random.pick([1, 1, 2, 5])
  }
}
