import type { Character } from './chain/Manners.js'
import {
  decode,
  type Hex,
  type SimTransaction,
} from './chain/SimTransaction.js'
import {
  createSchedule,
  type Planned,
  type Schedule,
  type Step,
} from './createSchedule.js'
import { createWorld, type World } from './createWorld.js'
import { keyOf, planted } from './enemy.js'
import type { Kind } from './Fault.js'
import { findViolations, isLasting, isOpen } from './invariants.js'
import { planOperator } from './operate.js'
import { type Product, Refused, type Told } from './Product.js'
import { createRandom } from './random.js'
import { planFaults } from './strike.js'
import * as TestKey from './TestKey.js'

export type Outcome = {
  seed: number
  character: Character
  /** What must never be so; empty when all is well. */
  violations: string[]
  struck: ReadonlyMap<Kind, number>
  events: number
  virtualMs: number
  /** Payments that the chain has. */
  mined: number
  signatures: number
}

/** Virtual time after which it will not become quiet any more. */
const patienceMs = 3_600_000
/** The same where an enemy has made sure of that. */
const shortPatienceMs = 600_000
/** Of a process that does the same for ever. */
const maxEvents = 20_000
/** When a caller that heard nothing, or of a fault, asks again. */
const retryMs = [5000, 20_000, 60_000, 120_000, 240_000]

/** Runs one schedule until it is quiet, and looks at what is left. */
export async function runSchedule(
  seed: number,
  product: Product,
  options: {
    trace?: string[]
    edit?: (schedule: Schedule) => void
    /** Adds to what happens. */
    plan?: (world: World) => void
    /** Sees what is left in the end. */
    look?: (world: World) => void
  } = {},
): Promise<Outcome> {
  const key = await TestKey.open()
  const schedule = createSchedule(seed)
  options.edit?.(schedule)
  const history = await signHistory(key, schedule)
  const { trace } = options
  const world = createWorld(schedule, product, { key, history, trace })
  const { scheduler, chain, faults } = world
  const asking = { count: 0, isOver: false }
  planFaults(world)
  const { leastTip = 0n } = chain.manners
  for (const planned of schedule.requests) {
    // Who asks knows what a tip costs on this chain.
    if (planned.maxFeePerGas !== undefined) planned.maxFeePerGas += leastTip
    if (planned.reverts) chain.reverting.add(planned.to)
    planRequest(world, planned, asking)
  }
  for (const one of schedule.reconcilers)
    scheduler.after(one.startMs, () => reconcile(world, one, asking))
  planOperator(world, () => asking.isOver)
  options.plan?.(world)
  chain.start()
  const isBounded = await scheduler.run(maxEvents)
  options.look?.(world)
  const { now: virtualMs, events } = scheduler
  return {
    seed,
    character: schedule.character,
    violations: isBounded
      ? findViolations(world, asking.isOver)
      : [`it goes round: ${events} events in ${virtualMs} ms`],
    struck: faults.struck,
    events,
    virtualMs,
    mined: chain.head.nonce - schedule.startNonce,
    signatures: world.signatures,
  }
}

/** What the account sent before its ledger began. */
function signHistory(
  key: TestKey.TestKey,
  { seed, chainId, startNonce }: Schedule,
): Promise<SimTransaction[]> {
  const random = createRandom(seed ^ 0x01d)
  const sign = async (nonce: number) => {
    const raw = await key.signTransaction(
      {
        ...{ type: 'eip1559', chainId, nonce: BigInt(nonce), gas: 21_000n },
        ...{ to: `0x${'88'.repeat(20)}`, value: BigInt(nonce + 1), data: '0x' },
        ...{ maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n },
        accessList: [],
      },
      random,
    )
    return decode(raw as Hex)
  }
  return Promise.all(Array.from({ length: startNonce }, (_, at) => sign(at)))
}

/** Callers that have no answer yet. */
type Asking = { count: number; isOver: boolean }

function planRequest(world: World, planned: Planned, asking: Asking): void {
  const { scheduler } = world
  const { key } = planned
  for (const step of planned.sends) {
    asking.count++
    scheduler.after(step.atMs, () => send(world, planned, step, 0, asking))
  }
  const ask = (step: Step, what: 'get' | 'cancel' | 'speedUp'): void =>
    scheduler.after(step.atMs, () => {
      const { process, sender } = world.staff(step.sender)
      process.start(() => {
        const deadline = process.runtime.now() + step.waitMs
        sender[what](key, { deadline }).then(
          (told) => told !== undefined && hear(world, key, told, what),
          (error: Error) =>
            world.tell?.(`${what} of ${key} failed: ${error.message}`),
        )
      })
    })
  for (const step of planned.gets) ask(step, 'get')
  for (const step of planned.cancels) ask(step, 'cancel')
  for (const step of planned.speedUps) ask(step, 'speedUp')
}

/** A caller asks until somebody has answered. */
function send(
  world: World,
  planned: Planned,
  step: Step,
  tries: number,
  asking: Asking,
): void {
  const { scheduler, schedule, random } = world
  const { process, sender } = world.staff(step.sender)
  const again = retryMs[tries]
  let isOver = false
  const end = (isAnswered: boolean) => {
    if (isOver) return
    isOver = true
    if (isAnswered || again === undefined) {
      asking.count--
      return
    }
    const other = { ...step, sender: random.pick(schedule.senders) }
    const next = () => send(world, planned, other, tries + 1, asking)
    scheduler.after(again, next)
  }
  scheduler.after(step.waitMs + 2000, () => end(false))
  process.start(() => {
    world.tell?.(`${process.name} is asked to send ${planned.key}`)
    const deadline = process.runtime.now() + step.waitMs
    sender.send(planned, { deadline }).then(
      (told) => {
        hear(world, planned.key, told, 'send')
        end(true)
      },
      (error: Error) => {
        world.tell?.(`${process.name}: ${planned.key} failed: ${error.message}`)
        if (error instanceof Refused) refuse(world, planned.key, error.message)
        end(error instanceof Refused)
      },
    )
  })
}

function refuse({ refused }: World, key: string, reason: string): void {
  const reasons = refused.get(key) ?? new Set()
  refused.set(key, reasons.add(reason))
}

function hear(world: World, key: string, told: Told, what: string): void {
  world.heard.push({ key, atMs: world.scheduler.now, told })
  world.tell?.(
    `${what} tells of ${key}: ${told.status}${told.final ? ', final' : ''} ${told.hash ?? ''}`,
  )
}

function reconcile(
  world: World,
  one: Schedule['reconcilers'][number],
  asking: Asking,
): void {
  const { scheduler, schedule } = world
  const isCalm = scheduler.now > schedule.calmMs
  if (asking.isOver) return
  if (isCalm && asking.count === 0 && isQuiet(world)) {
    asking.isOver = true
    askLast(world)
    return
  }
  const leftMs = isLasting(world) ? shortPatienceMs : patienceMs
  if (scheduler.now > schedule.calmMs + leftMs) {
    if (isLasting(world)) {
      asking.isOver = true
      askLast(world)
    } else scheduler.stop()
    return
  }
  scheduler.after(one.everyMs, () => reconcile(world, one, asking))
  const staff = world.staff(one.name)
  staff.process.start(() => {
    if (staff.isBusy) return
    staff.isBusy = true
    staff.reconciler
      .run()
      .then(
        (report) =>
          world.tell?.(`${one.name} has run: ${JSON.stringify(report)}`),
        (error: Error) => world.tell?.(`${one.name} failed: ${error.message}`),
      )
      .finally(() => {
        staff.isBusy = false
      })
  })
}

/** Every request that no enemy has hit has ended, and what was sent is mined, deep enough. */
function isQuiet(world: World): boolean {
  const { table, chain, foreign, schedule, hit } = world
  const isEnded = [...table.items()].every((item) => {
    const { pk, sk, final } = item
    if ((sk as { S: string }).S !== 'tx' || final !== undefined) return true
    if ((pk as { S: string }).S.startsWith(`tx#${planted}`)) return true
    const key = keyOf(item, table)
    return key !== undefined && hit.keys.has(key)
  })
  if (!isEnded) return false
  const { address } = chain.options
  for (const one of chain.seen.values()) {
    const isOurs = one.from === address && !foreign.has(one.hash)
    if (isOurs && isOpen(world, one)) return false
  }
  const last = chain.blocks.slice(-schedule.confirmations)
  return last.every(({ transactions }) => transactions.length === 0)
}

/** What every caller hears at last, of a process that has seen nothing yet. */
function askLast(world: World): void {
  const { scheduler, schedule } = world
  const { process, sender } = world.staff('auditor')
  process.start(() => {
    const deadline = process.runtime.now() + 600_000
    const ask = async (key: string, left = 5): Promise<void> => {
      try {
        const told = await sender.get(key, { deadline })
        if (told === undefined) return
        hear(world, key, told, 'the last get')
        // Nodes with a limit may be too busy to show the end.
        if (!told.final && left > 0) await ask(key, left - 1)
      } catch (error) {
        world.tell?.(
          `the last get of ${key} failed: ${(error as Error).message}`,
        )
      }
    }
    const all = schedule.requests.map(({ key }) => ask(key))
    Promise.all(all).finally(scheduler.stop)
  })
}
