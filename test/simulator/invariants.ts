import type { Hex, SimTransaction } from './chain/SimTransaction.js'
import type { Planned } from './createSchedule.js'
import type { Heard, World } from './createWorld.js'

/** What is so at the end and must not be, each in a sentence. */
export function findViolations(world: World, isQuiet: boolean): string[] {
  const { chain, foreign, schedule, hit } = world
  const ours = [...chain.seen.values()].filter(
    ({ from, hash }) => from === chain.options.address && !foreign.has(hash),
  )
  const found: string[] = []
  for (const request of schedule.requests) {
    const bytes = ours.filter((one) => pays(one, request))
    const heard = world.heard.filter(({ key }) => key === request.key)
    found.push(...judgePayments(world, request, bytes))
    if (hit.all || hit.keys.has(request.key)) continue
    found.push(...judgeTold(world, request, bytes, heard))
    found.push(...judgeEnd(world, request, bytes, heard))
  }
  found.push(...judgeBytes(world, ours))
  if (isLasting(world)) return found
  if (!isQuiet) found.push('it never became quiet')
  for (const one of ours)
    if (isOpen(world, one))
      found.push(`nonce ${one.nonce} was sent and waits behind a gap`)
  return found
}

/** An enemy's row may keep its request open for ever, and what is behind it. */
export const isLasting = ({ hit }: World) => hit.all || hit.keys.size > 0

const pays = (one: SimTransaction, { to, value, data }: Planned) =>
  one.to === to && one.value === value && one.data === data

const isInChain = ({ chain }: World, hash: Hex) =>
  chain.blocksWith(hash).some((block) => chain.isInChain(block))

/** At most one payment is mined or could still be. */
function judgePayments(
  world: World,
  { key }: Planned,
  bytes: readonly SimTransaction[],
): string[] {
  const { chain } = world
  const live = new Set(
    bytes
      .filter((one) => isInChain(world, one.hash) || isOpen(world, one))
      .map(({ nonce }) => nonce),
  )
  if (live.size <= 1 || world.isBlind) return []
  const mined = bytes.filter(({ hash }) => isInChain(world, hash)).length
  const nonces = [...live].map((nonce) => nonce - chain.options.startNonce)
  return [
    `${key} is paid ${mined} times and can be paid with nonces ${nonces.join(', ')}`,
  ]
}

/** Of what a restored ledger has lost, chain and pool are all there is. */
export const isOpen = (
  { chain, restoredMs }: World,
  { nonce, hash }: SimTransaction,
) => nonce >= chain.head.nonce && (restoredMs === 0 || chain.isPooled(hash))

/** What a caller hears as final is so, and stays so. */
function judgeTold(
  world: World,
  { key, reverts }: Planned,
  bytes: readonly SimTransaction[],
  heard: readonly Heard[],
): string[] {
  const found: string[] = []
  // Deeper than what counts as final, by the caller's own setting: what was told
  // before was so.
  const isGone = bytes.some(({ nonce }) => isGoneFinal(world, nonce))
  const isPaid = bytes.some(({ hash }) => isInChain(world, hash))
  const canBePaid = isPaid || bytes.some((one) => isOpen(world, one))
  const ends = new Set<string>()
  for (const { told, atMs } of heard) {
    const hash = told.hash as Hex | undefined
    const at = `at ${Math.round(atMs / 1000)} s`
    const isKnown =
      hash === undefined ||
      world.invented.has(hash) ||
      world.chain.blocksWith(hash).length > 0
    if (told.status === 'mined' && !isKnown)
      found.push(`${key} was told mined ${at}, and no block ever had it`)
    // The ledger has lost what it sent, and says so.
    const isRepeat = world.restoredMs > 0 && told.reason === 'possible-repeat'
    // Of what ended without a trace on the chain, a restored ledger knows nothing.
    const isForgotten = atMs < world.restoredMs && told.status !== 'mined'
    if (!told.final || isGone || isRepeat || isForgotten) continue
    ends.add(told.status)
    if (told.status === 'mined' && !isPaid)
      found.push(`${key} was told mined for good ${at}, and is not`)
    if (told.status !== 'mined' && canBePaid && !reverts)
      found.push(`${key} was told ${told.status} for good ${at}, and is paid`)
  }
  if (ends.size > 1) found.push(`${key} has two ends: ${[...ends].join(', ')}`)
  return found
}

function isGoneFinal({ chain }: World, nonce: number): boolean {
  return [...chain.goneFinal].some((hash) =>
    chain
      .blocksWith(hash)[0]
      ?.transactions.some(({ transaction }) => transaction.nonce === nonce),
  )
}

/** What was accepted, or sent, ends, and the caller can hear how. */
function judgeEnd(
  world: World,
  { key }: Planned,
  bytes: readonly SimTransaction[],
  heard: readonly Heard[],
): string[] {
  const last = heard.at(-1)
  // Its row is lost, and whoever repeated it has heard that.
  if (world.restoredMs > 0 && world.refused.has(key)) return []
  // Its row is lost, and nobody has got through since.
  const atMs = last?.atMs ?? Number.POSITIVE_INFINITY
  if (world.restoredMs > 0 && atMs < world.restoredMs) return []
  // It had ended, and its block is gone for good.
  if (bytes.some(({ nonce }) => isGoneFinal(world, nonce))) return []
  if (last === undefined)
    return bytes.length === 0 ? [] : [`${key} was sent, and nobody knows of it`]
  if (isBehindHit(world, bytes) || isJustMined(world, bytes)) return []
  // What answers a repetition does not say whether it is final; `get` did.
  const { status } = last.told
  const isOver = heard.some(({ told }) => told.final && told.status === status)
  return isOver ? [] : [`${key} has not ended: ${status}`]
}

/** The run of an enemy ends by the clock, and its last blocks are not deep. */
function isJustMined(world: World, bytes: readonly SimTransaction[]): boolean {
  const { chain, schedule } = world
  const nonces = new Set(bytes.map(({ nonce }) => nonce))
  return (
    isLasting(world) &&
    [...chain.seen.values()].some(
      (one) =>
        nonces.has(one.nonce) &&
        chain
          .blocksWith(one.hash)
          .some(
            (block) =>
              chain.isInChain(block) &&
              chain.head.number - block.number < schedule.confirmations,
          ),
    )
  )
}

/** It waits behind a request whose row an enemy has hit. */
function isBehindHit(world: World, bytes: readonly SimTransaction[]): boolean {
  const { chain, schedule, hit } = world
  const { nonce } = chain.head
  // What was signed and never sent is behind it as well.
  const isFirst = bytes.length > 0 && bytes.every((one) => one.nonce <= nonce)
  if (!isLasting(world) || isFirst) return false
  return [...chain.seen.values()].some(
    (one) =>
      one.nonce === nonce &&
      schedule.requests.some(
        (planned) => hit.keys.has(planned.key) && pays(one, planned),
      ),
  )
}

/** Everything that left a process is asked for, and cheap enough. */
function judgeBytes(world: World, ours: readonly SimTransaction[]): string[] {
  const { schedule, chain } = world
  const { caps, requests } = schedule
  const found: string[] = []
  for (const one of ours) {
    const at = `nonce ${one.nonce - schedule.startNonce}`
    const request = requests.find((planned) => pays(one, planned))
    const isNothing =
      one.to === chain.options.address && one.value === 0n && one.data === '0x'
    if (request === undefined && !isNothing)
      found.push(`${at} pays ${one.value} to ${one.to}, which nobody asked for`)
    if (one.maxFee > caps.maxFeePerGas || one.gas * one.maxFee > caps.maxTxFee)
      found.push(`${at} costs ${one.maxFee}, above the sender's cap`)
    const own = request?.maxFeePerGas
    if (own !== undefined && one.maxFee > own)
      found.push(`${at} costs ${one.maxFee}, above the cap of ${request?.key}`)
  }
  return found
}
