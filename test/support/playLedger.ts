import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import type { Hex } from '../../packages/core/src/index.js'
import type { Runtime } from '../../packages/core/src/rpc/Runtime.js'
import * as Attempt from '../../packages/sender/src/ledger/Attempt.js'
import { createLedger } from '../../packages/sender/src/ledger/createLedger.js'
import type { HeadRecord } from '../../packages/sender/src/ledger/HeadRecord.js'
import type { Item } from '../../packages/sender/src/ledger/Item.js'
import type { Ledger } from '../../packages/sender/src/ledger/Ledger.js'
import { createStore } from '../../packages/sender/src/ledger/memory/createStore.js'
import type { Claim } from '../../packages/sender/src/ledger/NonceRecord.js'
import type { Store } from '../../packages/sender/src/ledger/Store.js'
import type {
  Account,
  Outline,
} from '../../packages/sender/src/ledger/TransactionRecord.js'
import type { Mined } from '../../packages/sender/src/ledger/TransactionRows.js'
import * as SendRequest from '../../packages/sender/src/request/SendRequest.js'
import { createRandom, type Random } from './chaos/random.js'

/** One answer of the ledger: who asked for what, and what came of it. */
export type Step = {
  worker: number
  operation: string
  given: unknown[]
  answer: unknown
}

const workers = 3
const operationsEach = 3

/**
 * Workers that do what comes into their heads with the rows of one account, in
 * an order that the seed decides call by call: the same on every store that
 * answers the same.
 */
export async function play(
  seed: number,
  store: Store,
  write: (items: Item[]) => Promise<void>,
): Promise<Step[]> {
  const random = createRandom(seed)
  const world = createWorld(seed)
  await write(await begin(random, world))
  const steps: Step[] = []
  const waiting = new Map<number, () => void>()
  let running = workers
  let wake = () => {}
  const gate = (worker: number) =>
    new Promise<void>((resolve) => {
      waiting.set(worker, resolve)
      wake()
    })
  const work = async (worker: number) => {
    const ledger = createLedger(
      stepwise(store, () => gate(worker)),
      world.runtime,
    )
    await gate(worker)
    for (let count = 0; count < operationsEach; count++) {
      const { name, given } = await choose(random, world)
      const ask = ledger[name] as (...given: unknown[]) => Promise<unknown>
      const answer = await ask(...given).catch((error: Error) => error)
      learn(world, name, given, answer)
      steps.push({ worker, operation: name, given, answer })
    }
    running--
    wake()
  }
  const all = Array.from({ length: workers }, (_, worker) => work(worker))
  while (running > 0) {
    // Nobody moves but who has the turn.
    while (waiting.size < running)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (running === 0) break
    const worker = random.pick([...waiting.keys()].sort())
    const go = waiting.get(worker)
    waiting.delete(worker)
    world.now += random.pick([0, 1, 1000, 60_000, 400_000])
    go?.()
  }
  await Promise.all(all)
  return steps
}

/** What was there before: some requests, some of them on their way. */
async function begin(random: Random, world: World): Promise<Item[]> {
  const store = createStore('ledger')
  const ledger = createLedger(store, world.runtime)
  const { account } = world
  const tell = async (name: Operation, ...given: unknown[]) => {
    const ask = ledger[name] as (...given: unknown[]) => Promise<unknown>
    learn(world, name, given, await ask(...given))
  }
  if (random.chance(0.8)) {
    await tell('createHead', account, 0n)
    await tell('advanceHead', account, random.below(3))
    await tell('getHead', account)
  }
  for (const number of [0, 1]) {
    if (random.chance(0.2)) continue
    const record = recordOf(world, requestOf(world, number))
    await tell('accept', record)
    if (random.chance(0.3)) continue
    await tell('reserve', account, BigInt(number), record.id)
    const by = world.claims.at(-1)
    if (by === undefined || random.chance(0.3)) continue
    await tell('bind', record.id, by.nonce, by.claim)
    if (random.chance(0.5)) continue
    const attempt = await attemptOf(world, by.nonce, 0)
    await tell('storeAttempt', account, by.nonce, by, attempt)
    if (random.chance(0.5)) continue
    await tell('markMined', record.id, { status: 'mined', mined })
    if (random.chance(0.5)) continue
    await tell('finish', record.id, { status: 'mined', mined, notify: true })
  }
  if (random.chance(0.3)) await tell('createFree', account, 2n)
  if (random.chance(0.3)) await tell('addFree', account, 2n)
  if (random.chance(0.3))
    await tell('addAdopted', account, await attemptOf(world, 0n, 0))
  return [...store.items.values()]
}

function stepwise(store: Store, gate: () => Promise<void>): Store {
  const wait =
    <given extends unknown[], answer>(
      call: (...given: given) => Promise<answer>,
    ) =>
    async (...given: given) => {
      await gate()
      return call(...given)
    }
  return {
    ...store,
    get: wait(store.get),
    getMany: wait(store.getMany),
    create: wait(store.create),
    update: wait(store.update),
    query: wait(store.query),
  }
}

/** What the workers know, all together. */
type World = {
  seed: number
  account: Account
  now: number
  runtime: Runtime
  claims: (Claim & { nonce: bigint })[]
  outlines: Outline[]
  heads: HeadRecord[]
  after: unknown
}

function createWorld(seed: number): World {
  let drawn = 0
  const account: Account = {
    // A chain of its own: schedules share the table and the keys.
    chainId: 1_000_000 + seed,
    address: signerOf(seed).address.toLowerCase() as Hex,
  }
  const world: World = {
    seed,
    account,
    now: Date.UTC(2026, 0, 1),
    runtime: {
      now: () => world.now,
      sleep: async () => {},
      random: () => 0,
      uuid: () =>
        `${String(seed).padStart(8, '0')}-0000-4000-8000-${String(drawn++).padStart(12, '0')}`,
    },
    claims: [],
    outlines: [],
    heads: [],
    after: undefined,
  }
  return world
}

const signers = [1, 2, 3, 4].map((number) =>
  privateKeyToAccount(`0x${String(number).padStart(64, '0')}`),
)
const signerOf = (seed: number) =>
  signers[seed % signers.length] as PrivateKeyAccount

const signed = new Map<string, Promise<Attempt.Attempt>>()

/** The same for both stores; signed once. */
function attemptOf({ account, seed }: World, nonce: bigint, index: number) {
  const { chainId } = account
  const name = `${chainId} ${nonce} ${index}`
  const purpose = index === 0 ? 'request' : 'cancel'
  const sign = async (): Promise<Attempt.Attempt> => {
    const raw = await signerOf(seed).signTransaction({
      chainId,
      nonce: Number(nonce),
      gas: 21_000n,
      gasPrice: 1n + BigInt(index),
      to: index === 0 ? `0x${'77'.repeat(20)}` : account.address,
      value: index === 0 ? 5n : 0n,
    })
    const read = await Attempt.readSigned(raw, account)
    if (read === undefined) throw new Error('What was signed cannot be read.')
    return { ...read, raw, index, purpose, signedAt: 1_800_000_000_000 }
  }
  const known = signed.get(name) ?? sign()
  signed.set(name, known)
  return known
}

type Choice = { name: Operation; given: unknown[] }

type Operation = Exclude<keyof Ledger, 'tableName' | 'host' | 'check'>

const mined: Mined = {
  hash: `0x${'ab'.repeat(32)}`,
  blockNumber: 7n,
  blockHash: `0x${'cd'.repeat(32)}`,
  receiptStatus: 'succeeded',
}
const reason = { code: 'cancelled', text: 'It was cancelled.' }

/** How often each is done, of all. */
export const weights: Record<Operation, number> = {
  accept: 3,
  getTransaction: 1,
  getOutlines: 1,
  bind: 5,
  unbind: 3,
  advanceStatus: 3,
  noteProblem: 1,
  requestCancel: 2,
  markMined: 2,
  markUnmined: 3,
  finish: 3,
  markDelivered: 3,
  listOpen: 2,
  listByCaller: 2,
  getNonce: 1,
  listNonces: 2,
  reserve: 5,
  take: 5,
  free: 5,
  handOver: 3,
  addProof: 1,
  createExternal: 1,
  highestNonce: 1,
  findNonces: 1,
  createFree: 2,
  storeAttempt: 6,
  suspect: 1,
  clearSuspicion: 1,
  getHead: 2,
  advanceHead: 4,
  createHead: 2,
  raiseHead: 3,
  haltHead: 1,
  markAdopted: 1,
  resumeHead: 1,
  renewHead: 2,
  addFree: 2,
  removeFree: 3,
  lease: 3,
  release: 2,
  addAdopted: 2,
  findAdopted: 1,
  claimAdopted: 3,
  unclaimAdopted: 1,
  adopt: 1,
  clear: 1,
  dropFree: 1,
  replaceHead: 1,
}
/** Each as often as it weighs. */
const lots = (Object.entries(weights) as [Operation, number][]).flatMap(
  ([name, weight]) => Array<Operation>(weight).fill(name),
)

async function choose(random: Random, world: World): Promise<Choice> {
  const { account } = world
  const name = random.pick(lots)
  const nonce = BigInt(random.below(3))
  const request = requestOf(world, random.below(3))
  const id = idOf(request)
  const claim: World['claims'][number] | undefined = random.pick(world.claims)
  const by = claim ?? { owner: id, claim: 'ff'.repeat(16), nonce }
  const seen: Outline | undefined = random.pick(world.outlines)
  const head: HeadRecord | undefined = random.pick(world.heads)
  const record = recordOf(world, request)
  const attempt = () =>
    attemptOf(world, by.nonce, random.below(3) === 0 ? 1 : 0)
  const byId = (...more: unknown[]) => [id, ...more]
  const ofNonce = (...more: unknown[]) => [account, nonce, ...more]
  const ofHead = (...more: unknown[]) =>
    head === undefined ? undefined : [account, head, ...more]
  const halt = {
    reason: random.pick(['foreign', 'missing'] as const),
    below: BigInt(random.below(3)),
  }
  const given: Record<Operation, () => unknown[] | undefined> = {
    accept: () => [record],
    getTransaction: () => byId(),
    getOutlines: () => [[id, idOf(requestOf(world, 0)), id]],
    bind: () =>
      random.chance(0.8)
        ? [by.owner, by.nonce, by.claim]
        : byId(by.nonce, by.claim),
    unbind: () => (seen === undefined ? undefined : [seen]),
    advanceStatus: () => byId(random.pick(['signed', 'sent']), mined.hash),
    noteProblem: () => byId('The node refused it.'),
    requestCancel: () => byId(),
    markMined: () =>
      byId(
        random.pick([
          { status: 'mined', mined },
          { status: 'replaced', reason, mined },
          { status: 'mined', mined: { ...mined, receiptStatus: undefined } },
        ]),
      ),
    markUnmined: () => byId(mined.hash),
    finish: () =>
      seen !== undefined && random.chance(0.5)
        ? [
            seen.id,
            {
              status: 'dropped',
              reason,
              unsigned: seen,
              notify: random.chance(0.5),
            },
          ]
        : byId({ status: 'mined', mined, notify: random.chance(0.5) }),
    markDelivered: () => (seen === undefined ? undefined : [seen]),
    listOpen: () => [
      account,
      {
        limit: random.pick([1, 2, 10]),
        ...(random.chance(0.5) ? { after: world.after } : {}),
      },
    ],
    listByCaller: () => [
      account,
      callerOf(request),
      {
        limit: random.pick([1, 10]),
        ...(seen === undefined ? {} : { after: seen }),
      },
    ],
    getNonce: () => ofNonce(),
    listNonces: () => [account, nonce, nonce + 2n],
    reserve: () => ofNonce(random.chance(0.8) ? id : 'filler'),
    take: () => ofNonce(random.chance(0.8) ? id : 'filler'),
    free: () => [account, by.nonce, by],
    handOver: () => [
      account,
      by.nonce,
      random.pick([by, undefined]),
      random.pick([undefined, `0x${'ab'.repeat(40)}`]),
    ],
    addProof: () => ofNonce(`0x${'cd'.repeat(40)}`),
    createExternal: () => ofNonce(`0x${'cd'.repeat(40)}`),
    highestNonce: () => [account],
    findNonces: () => ofNonce(random.pick([1, 2, 100])),
    createFree: () => ofNonce(),
    storeAttempt: () => [account, by.nonce, by, undefined],
    suspect: () => ofNonce(),
    clearSuspicion: () => ofNonce(),
    getHead: () => [account],
    advanceHead: () => [account, 1 + random.below(3)],
    createHead: () => ofNonce(),
    raiseHead: () =>
      ofHead(
        (head?.next ?? 0n) + BigInt(random.pick([0, 1, 40, 300])),
        random.chance(0.3),
      ),
    haltHead: () => [account, halt],
    markAdopted: () => [account],
    resumeHead: () => ofHead(),
    renewHead: () =>
      ofHead({
        next: nonce,
        hasAdopted: random.chance(0.5),
        halt: random.pick([undefined, halt]),
      }),
    addFree: () => ofNonce(),
    removeFree: () => ofNonce(),
    lease: () => [
      account,
      random.pick(['holder one', 'holder two']),
      world.now + random.pick([50_000, 3_600_000]),
    ],
    release: () => [
      account,
      random.pick(['holder one', 'holder two']),
      random.pick([undefined, nonce]),
    ],
    addAdopted: () => [account, undefined],
    findAdopted: () => [account, toAdopt],
    claimAdopted: () => [account, undefined, id],
    unclaimAdopted: () => [account, undefined, id],
    adopt: () => [{ ...record, nonce, mined, notify: random.below(2) === 0 }],
    clear: () => ofNonce(),
    dropFree: () => [account, ['0', '2']],
    replaceHead: () => [
      account,
      { next: nonce, first: 0n, hasAdopted: false, halt: undefined },
    ],
  }
  const chosen = given[name]()
  if (chosen === undefined) return { name: 'getHead', given: [account] }
  const at = chosen.indexOf(undefined)
  if (name === 'storeAttempt') chosen[at] = await attempt()
  if (['addAdopted', 'claimAdopted', 'unclaimAdopted'].includes(name))
    chosen[at] = await attemptOf(world, nonce, 0)
  return { name, given: chosen }
}

const toAdopt = { to: `0x${'77'.repeat(20)}`, value: 5n, data: '0x' } as const

function requestOf({ seed }: World, number: number): SendRequest.SendRequest {
  return {
    to: toAdopt.to,
    value: BigInt(number),
    data: number === 2 ? '0x1234' : '0x',
    accessList: [],
    speed: 'normal',
    idempotencyKey: `${seed}-${number}`,
  }
}

const recordOf = (
  { account, now }: World,
  request: SendRequest.SendRequest,
) => ({
  id: idOf(request),
  caller: callerOf(request),
  account,
  request,
  requestHash: SendRequest.hash(request, account),
  createdAt: now,
})

const callerOf = ({ value }: SendRequest.SendRequest) =>
  value === 0n ? 'other' : '*library'

const idOf = (request: SendRequest.SendRequest) =>
  SendRequest.transactionId(callerOf(request), request.idempotencyKey)

/** What one of them was told, all of them may use. */
function learn(
  world: World,
  name: Operation,
  [, nonce, owner]: unknown[],
  answer: unknown,
): void {
  if (answer === undefined || answer instanceof Error) return
  if (name === 'reserve' || name === 'take')
    world.claims.push({
      nonce: nonce as bigint,
      owner: owner as string,
      claim: answer as string,
    })
  if (name === 'getHead') world.heads.push(answer as HeadRecord)
  if (name === 'accept')
    world.outlines.push((answer as { transaction: Outline }).transaction)
  if (typeof answer === 'object' && 'requestHash' in (answer as object))
    world.outlines.push(answer as Outline)
  if (name === 'listOpen') world.after = (answer as { after: unknown }).after
}
