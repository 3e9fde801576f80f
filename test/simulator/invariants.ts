import type { Hex, SimTransaction } from './chain/SimTransaction.js'
import type { Planned } from './createSchedule.js'
import type { Heard, World } from './createWorld.js'
import { type Attack, unended } from './enemy.js'

/** What is so at the end and must not be, each in a sentence. */
export function findViolations(world: World, isQuiet: boolean): string[] {
  const { chain, foreign, schedule } = world
  const excuses = findExcuses(world)
  const ours = [...chain.seen.values()].filter(
    ({ from, hash }) => from === chain.options.address && !foreign.has(hash),
  )
  const found: string[] = []
  for (const request of schedule.requests) {
    const bytes = ours.filter((one) => pays(one, request))
    const heard = world.heard.filter(({ key }) => key === request.key)
    found.push(...judgePayments(world, request, bytes))
    if (!excuses.told) found.push(...judgeTold(world, request, bytes, heard))
    if (!excuses.ends) found.push(...judgeEnd(request, bytes, heard))
  }
  found.push(...judgeBytes(world, ours))
  if (!excuses.ends) {
    if (!isQuiet) found.push('it never became quiet')
    for (const { nonce } of ours)
      if (nonce >= chain.head.nonce)
        found.push(`nonce ${nonce} was sent and waits behind a gap`)
  }
  return found
}

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
  if (live.size <= 1) return []
  const mined = bytes.filter(({ hash }) => isInChain(world, hash)).length
  const nonces = [...live].map((nonce) => nonce - chain.options.startNonce)
  return [
    `${key} is paid ${mined} times and can be paid with nonces ${nonces.join(', ')}`,
  ]
}

const isOpen = ({ chain }: World, { nonce }: SimTransaction) =>
  nonce >= chain.head.nonce

/** What a caller hears as final is so, and stays so. */
function judgeTold(
  world: World,
  { key, reverts }: Planned,
  bytes: readonly SimTransaction[],
  heard: readonly Heard[],
): string[] {
  const found: string[] = []
  const isPaid = bytes.some(({ hash }) => isInChain(world, hash))
  const canBePaid = isPaid || bytes.some((one) => isOpen(world, one))
  const ends = new Set<string>()
  for (const { told, atMs } of heard) {
    const hash = told.hash as Hex | undefined
    const at = `at ${Math.round(atMs / 1000)} s`
    if (told.status === 'mined' && hash !== undefined) {
      if (world.invented.has(hash)) continue
      if (world.chain.blocksWith(hash).length === 0)
        found.push(`${key} was told mined ${at}, and no block ever had it`)
    }
    if (!told.final) continue
    ends.add(told.status)
    if (told.status === 'mined' && !isPaid)
      found.push(`${key} was told mined for good ${at}, and is not`)
    if (told.status !== 'mined' && canBePaid && !reverts)
      found.push(`${key} was told ${told.status} for good ${at}, and is paid`)
  }
  if (ends.size > 1) found.push(`${key} has two ends: ${[...ends].join(', ')}`)
  return found
}

/** What was accepted, or sent, ends, and the caller can hear how. */
function judgeEnd(
  { key }: Planned,
  bytes: readonly SimTransaction[],
  heard: readonly Heard[],
): string[] {
  const last = heard.at(-1)
  if (last === undefined)
    return bytes.length === 0 ? [] : [`${key} was sent, and nobody knows of it`]
  return last.told.final ? [] : [`${key} has not ended: ${last.told.status}`]
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

/** What no sender could know better. */
export function findExcuses({ schedule, faults }: World) {
  const has = (fits: (fault: (typeof schedule.faults)[number]) => boolean) =>
    schedule.faults.some(
      (fault) => faults.struck.has(fault.kind) && fits(fault),
    )
  const isAttacked = has(
    ({ kind, how }) =>
      kind === 'row written by an enemy' && unended.has(how as Attack),
  )
  const isRestored = has(({ kind }) => kind === 'table rolled back')
  // Deeper than what counts as final, by the caller's own setting.
  const isDeep = has(
    ({ kind, depth = 0 }) =>
      kind === 'reorg' && depth >= schedule.confirmations,
  )
  const isInvented = has(
    ({ kind, how }) => kind === 'node lies' && how === 'receipt invented',
  )
  return {
    told: isAttacked || isDeep || isInvented,
    ends: isAttacked || isRestored,
    /** Some requests may stay open for ever. */
    isLasting: isAttacked,
  }
}
