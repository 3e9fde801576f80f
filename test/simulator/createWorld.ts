import { createSimChain, type SimChain } from './chain/createSimChain.js'
import { createSimExchange } from './chain/createSimExchange.js'
import * as Manners from './chain/Manners.js'
import type { Hex, SimTransaction } from './chain/SimTransaction.js'
import { createFaultyStore } from './createFaultyStore.js'
import type { Schedule } from './createSchedule.js'
import {
  createScheduler,
  epoch,
  type Process,
  type Scheduler,
} from './createScheduler.js'
import { createSimKms } from './createSimKms.js'
import { createTable, type Table } from './createTable.js'
import { createFaults, type Faults } from './Fault.js'
import type {
  Parts,
  Product,
  SimReconciler,
  SimSender,
  Told,
} from './Product.js'
import { createRandom, type Random } from './random.js'
import type { TestKey } from './TestKey.js'

/** All there is while a schedule runs. */
export type World = {
  schedule: Schedule
  scheduler: Scheduler
  random: Random
  chain: SimChain
  faults: Faults
  key: TestKey
  /** The ledger of the moment. */
  table: Table
  /** Hashes of what another wallet of the same key has sent. */
  foreign: Set<Hex>
  /** When the table was restored; 0 for one that was not. */
  restoredMs: number
  /**
   * Where a restored ledger went on: what was signed for higher numbers before,
   * and stands nowhere, nobody can know of.
   */
  restoredNext: number | undefined
  /** Hashes of what had left a process before. */
  sentBefore: Set<Hex>
  /** A ledger that has lost all began while no node was well. */
  isBlind: boolean
  /** What NEW_LEDGER says; another value after an operator has looked. */
  newLedger: number
  /** Whom an enemy's row concerns: the keys of requests, or everybody. */
  hit: { all: boolean; keys: Set<string> }
  /** Requests that were refused without a row, and why. */
  refused: Map<string, Set<string>>
  /** Hashes that a node invented a receipt for. */
  invented: Set<Hex>
  /** What the callers were told, in order. */
  heard: Heard[]
  /** How often the key signed in KMS. */
  signatures: number
  /** The process of this name; another one where it has died. */
  staff(name: string): Staff
  tell: ((text: string) => void) | undefined
}

export type Heard = { key: string; atMs: number; told: Told }

export type Staff = {
  process: Process
  readonly sender: SimSender
  readonly reconciler: SimReconciler
  /** It is at work on a run of the reconciler. */
  isBusy: boolean
}

export function createWorld(
  schedule: Schedule,
  product: Product,
  parameters: {
    key: TestKey
    history: readonly SimTransaction[]
    trace?: string[] | undefined
  },
): World {
  const { key, history, trace } = parameters
  const random = createRandom(schedule.seed ^ 0x5eed)
  const scheduler = createScheduler(random.fork())
  const tell =
    trace &&
    ((text: string) =>
      void trace.push(
        `${(scheduler.now / 1000).toFixed(3).padStart(9)} ${text}`,
      ))
  const invented = new Set<Hex>()
  const { calmMs, character } = schedule
  const manners = Manners.create(character, {
    // A stream of its own: plain chains go on as before.
    random: createRandom(schedule.seed ^ 0xc4b),
    invented: (hash) => invented.add(hash),
    ...{ scheduler, calmMs },
  })
  const chain = createSimChain({
    scheduler,
    manners,
    random: random.fork(),
    chainId: schedule.chainId,
    address: key.address,
    startNonce: schedule.startNonce,
    history,
    startBalance: manners.poorBalance ?? 10n ** 21n,
    baseFee: schedule.baseFee,
    tip: manners.tip ?? schedule.tip,
    blockMs: schedule.blockMs,
    perBlock: schedule.perBlock,
    nodeCount: schedule.nodes,
    finalizedDepth: schedule.confirmations,
    ...(tell === undefined ? {} : { tell }),
  })
  const faults = createFaults(({ atMs: _, kind, ...rest }) =>
    tell?.(`FAULT ${kind} ${JSON.stringify(rest)}`),
  )
  const people = new Map<string, Staff>()

  function hire(name: string): Staff {
    const process = scheduler.createProcess(name)
    const own = random.fork()
    const kms = createSimKms({
      key,
      process,
      faults,
      random: own,
      signed: () => {
        world.signatures++
        tell?.(`${name} has a signature made`)
      },
    })
    const urls = chain.nodes.map((node) => `http://${node.name}`)
    const createExchange: Parts['createExchange'] = (endpoint, { timeout }) => {
      const node = chain.nodes.find((one) => one.name === endpoint.hostname)
      if (node === undefined) throw new Error(`no node at ${endpoint}`)
      return createSimExchange({
        chain,
        node,
        process,
        faults,
        random: own,
        errors: { timeout: (ms) => timeout(node.name, ms) },
        invented: (hash) => invented.add(hash),
        ...(tell === undefined ? {} : { tell }),
      })
    }
    const store = createFaultyStore(world.table.store, {
      process,
      faults,
      random: own,
      errors: product.storeErrors,
      ...(tell === undefined
        ? {}
        : {
            wrote: (operation, row, result) =>
              tell(
                `${name} ${operation}s ${row}: ${result === undefined || result === false ? 'no' : 'yes'}`,
              ),
          }),
    })
    const { runtime } = process
    const { keyArn } = key
    const parts: Parts = {
      ...{ runtime, store, kms, keyArn, schedule },
      newLedger: world.newLedger,
      tableNow: () => epoch + scheduler.now,
      ...{ urls, createExchange },
    }
    let sender: SimSender | undefined
    let reconciler: SimReconciler | undefined
    return {
      process,
      // Each process is one of the two, and opens no other.
      get sender() {
        sender ??= product.openSender(parts)
        return sender
      },
      get reconciler() {
        reconciler ??= product.openReconciler(parts)
        return reconciler
      },
      isBusy: false,
    }
  }

  const world: World = {
    schedule,
    scheduler,
    random,
    chain,
    faults,
    key,
    table: createTable('ledger-0'),
    foreign: new Set(history.map(({ hash }) => hash)),
    restoredMs: 0,
    restoredNext: undefined,
    sentBefore: new Set(),
    isBlind: false,
    newLedger: schedule.startNonce,
    hit: { all: false, keys: new Set() },
    refused: new Map(),
    invented,
    heard: [],
    signatures: 0,
    tell,
    staff(name) {
      const known = people.get(name)
      if (known?.process.isAlive) return known
      const fresh = hire(name)
      people.set(name, fresh)
      return fresh
    },
  }
  return world
}
