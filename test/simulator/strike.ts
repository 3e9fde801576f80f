import type { Fate } from './chain/createSimChain.js'
import type { SimTransaction } from './chain/SimTransaction.js'
import { createTable } from './createTable.js'
import type { World } from './createWorld.js'
import { type Attack, attack, keyOf, unended } from './enemy.js'
import { type Fault, places } from './Fault.js'
import { repair } from './operate.js'
import { sendFromElsewhere } from './sendFromElsewhere.js'

/** Lets each fault of the schedule happen at its time. */
export function planFaults(world: World): void {
  const { schedule, scheduler } = world
  for (const fault of schedule.faults) {
    if (fault.kind === 'table rolled back') planRestore(world, fault)
    else scheduler.after(fault.atMs, () => strike(world, fault))
  }
  scheduler.after(schedule.calmMs, () => {
    world.faults.clear()
    const { chain } = world
    chain.manners.calm?.(chain)
    if (chain.manners.poorBalance !== undefined) chain.fund(10n ** 21n)
    world.tell?.('nothing goes wrong any more')
  })
}

function strike(world: World, fault: Fault): void {
  const { faults } = world
  switch (places[fault.kind]) {
    case 'process':
      world.staff(fault.target ?? '').process.stepClock(fault.ms ?? 0)
      faults.strike(fault)
      break
    case 'node':
      troubleNode(world, fault)
      break
    case 'chain':
      if (strikeChain(world, fault)) faults.strike(fault)
      break
    case 'table':
      strikeRow(world, fault)
      break
    default:
      faults.arm(fault)
  }
}

function strikeRow({ faults, random, table, hit }: World, fault: Fault): void {
  const how = fault.how as Attack
  const before = createTable('before', table.items())
  const row = attack(how, table, random)
  if (row === undefined) return
  faults.strike(fault)
  if (!unended.has(how)) return
  const key = keyOf(row, before)
  if (key === undefined) hit.all = true
  else hit.keys.add(key)
}

function troubleNode({ chain, scheduler, faults }: World, fault: Fault): void {
  const node = chain.nodes.find(({ name }) => name === fault.target)
  if (node === undefined) return
  node.faults.add(fault)
  if (fault.kind === 'node lags') node.lag = fault.depth ?? 1
  if (fault.kind === 'node drops')
    node.drops = fault.how === 'keeps it' ? 'keeps it' : 'forgets it'
  if (fault.kind === 'nodes disagree') {
    node.fork()
    chain.reorg(2, 'mined again')
  }
  scheduler.after(fault.ms ?? 0, () => {
    node.faults.delete(fault)
    if (fault.kind === 'node lags') node.lag = 0
    if (fault.kind === 'node drops') {
      node.drops = 'nothing'
      // Nodes tell again what they have, now and then.
      for (const one of node.pool.all()) chain.spread(one, node)
    }
    if (fault.kind === 'nodes disagree') node.join()
  })
  if (fault.kind === 'nodes disagree') faults.strike(fault)
}

/** Whether there was anything to strike. */
function strikeChain(world: World, fault: Fault): boolean {
  const { chain } = world
  switch (fault.kind) {
    case 'reorg':
      chain.reorg(fault.depth ?? 1, fault.how as Fate)
      return true
    case 'pool evicted':
      chain.evict()
      return true
    case 'base fee x 8':
      chain.multiplyBaseFee(8n)
      return true
    case 'another wallet sends':
      void sendFromElsewhere(world, fault)
      return true
    default: {
      // What every pool of the network refuses, nobody can put into one.
      const { leastTip = 0n } = chain.manners
      const old = [...chain.seen.values()].filter(
        (one) => one.tip >= leastTip && !isForgotten(world, one),
      )
      for (const one of old) chain.spread(one, undefined)
      return old.length > 0
    }
  }
}

/**
 * Sent before a restore, above all that the restored ledger went on with: the
 * guide on restoring says what people do about it.
 */
function isForgotten(
  { restoredNext, sentBefore }: World,
  { nonce, hash }: SimTransaction,
): boolean {
  return (
    restoredNext !== undefined && nonce >= restoredNext && sentBefore.has(hash)
  )
}

/** Without a row, and without a node that is well, nobody can know anything. */
function watchBeginning(world: World): void {
  const { scheduler, table, chain } = world
  const head = table
    .items()
    .find(({ sk }) => (sk as { S: string }).S === 'head')
  if (head !== undefined) {
    const isOwn = (head.table as { S: string }).S === table.store.tableName
    if (isOwn) world.restoredNext = Number((head.nextNonce as { N: string }).N)
    if (isOwn) return
  } else if (chain.nodes.every(({ faults }) => faults.size > 0))
    world.isBlind = true
  scheduler.tick(100, () => watchBeginning(world))
}

/** A restore is always a new table; what came after the backup is lost. */
function planRestore(world: World, fault: Fault): void {
  const { schedule, scheduler, faults, random } = world
  const { senders, reconcilers, requests } = schedule
  const lostMs = fault.ms ?? 0
  const atMs = Math.max(fault.atMs, lostMs)
  let backup = world.table.items()
  scheduler.after(atMs - lostMs, () => {
    backup = world.table.items()
  })
  scheduler.after(atMs, () => {
    for (const name of [...senders, ...reconcilers.map((one) => one.name)])
      world.staff(name).process.kill()
    world.table = createTable('ledger-1', backup)
    world.restoredMs = scheduler.now
    world.sentBefore = new Set(world.chain.seen.keys())
    watchBeginning(world)
    faults.strike(fault)
  })
  const repairMs = atMs + random.between(5, 60) * 1000
  scheduler.after(repairMs, () => repair(world))
  // Whoever asked before the restore asks again after it.
  for (const request of requests) {
    const sender = random.pick(senders)
    const step = {
      atMs: repairMs + random.below(60_000),
      sender,
      waitMs: 10_000,
    }
    const [first] = request.sends
    if (first !== undefined && first.atMs < atMs) request.sends.push(step)
  }
}
