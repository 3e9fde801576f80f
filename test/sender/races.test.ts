import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SigningKey } from '../../packages/core/src/index.js'
import { systemRuntime } from '../../packages/core/src/rpc/Runtime.js'
import {
  type Chain,
  createChain,
} from '../../packages/sender/src/chain/createChain.js'
import {
  createReconciler,
  type Rpc,
  RpcChainError,
} from '../../packages/sender/src/index.js'
import type { Account } from '../../packages/sender/src/ledger/TransactionRecord.js'
import { createAllocator } from '../../packages/sender/src/nonce/createAllocator.js'
import { createWatch } from '../../packages/sender/src/nonce/createWatch.js'
import { createKmsKey } from '../support/createKmsKey.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

const inSeconds = (seconds: number) => Date.now() + seconds * 1000
const fast = {
  confirmations: 1,
  graceMs: 0,
  resendAfterMs: 0,
  fillAfterMs: 0,
  suspectMs: 0,
}

/** An id as transactions have it. */
const idOf = (name: string) => createHash('sha1').update(name).digest('hex')

const newAllocator = (account: Account, chain = createChain(home.rpc)) => {
  const ledger = home.newLedger()
  const runtime = systemRuntime
  const of = { ledger, chain, account, runtime, confirmations: 1 }
  return createAllocator({ ...of, watch: createWatch(of) })
}

test('200 allocations at once by 8 processes are 200 nonces without a gap', async () => {
  // An account that is used for nothing else, on this ledger.
  const account = { ...home.account, address: `0x${'ab'.repeat(20)}` as const }
  const allocators = Array.from({ length: 8 }, () => newAllocator(account))
  const given = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      allocators[index % 8]!.allocate(idOf(`${index}`), inSeconds(60)),
    ),
  )
  const nonces = given.map(({ nonce }) => nonce)
  const sorted = nonces.map(Number).sort((a, b) => a - b)
  expect(sorted).toEqual(Array.from({ length: 200 }, (_, index) => index))
  const rows = await home.ledger.listNonces(account, 0n, 500n)
  expect(rows.map(({ nonce, owner }) => [Number(nonce), owner]).sort()).toEqual(
    nonces.map((nonce, index) => [Number(nonce), idOf(`${index}`)]).sort(),
  )
})

test('a nonce that is given back goes to the next, whoever asks', async () => {
  const account = { ...home.account, address: `0x${'cd'.repeat(20)}` as const }
  const [one, two] = [1, 2].map(() => newAllocator(account))
  const [a, b] = ['a', 'b'].map(idOf)
  const { nonce, claim } = await one!.allocate(a!, inSeconds(9))
  await one!.allocate(b!, inSeconds(9))
  const giveBack = (owner: string, by: string) =>
    one!.giveBack(nonce, { owner, claim: by }, inSeconds(9))
  expect(await giveBack(b!, claim)).toBe(false)
  expect(await giveBack(a!, 'ff'.repeat(16))).toBe(false)
  expect(await giveBack(a!, claim)).toBe(true)
  const next = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      (index % 2 ? one : two)!.allocate(idOf(`next-${index}`), inSeconds(9)),
    ),
  )
  expect(next.map((one) => Number(one.nonce)).sort()).toEqual([
    0, 2, 3, 4, 5, 6,
  ])
})

test('numbers that a dead process was told are used by the next one', async () => {
  const account = { ...home.account, address: `0x${'ef'.repeat(20)}` as const }
  await newAllocator(account).allocate(idOf('a'), inSeconds(9))
  await home.ledger.advanceHead(account, 3)
  const other = newAllocator(account)
  const nonces = []
  for (const owner of ['b', 'c', 'd', 'e'])
    nonces.push(Number((await other.allocate(idOf(owner), inSeconds(9))).nonce))
  // The first look finds all three; one at a time is asked for here.
  expect(nonces[0]).toBe(1)
  expect(new Set(nonces).size).toBe(4)
})

test('a count of another chain, or that nothing proves, does not move the head', async () => {
  const account = { ...home.account, address: `0x${'ba'.repeat(20)}` as const }
  await home.ledger.createHead(account, 0n)
  // As an endpoint answers that was led to another chain a moment ago.
  const rpc: Rpc = {
    ...home.rpc,
    request: async (method, ...rest) =>
      method === 'eth_getTransactionCount'
        ? '0x1388'
        : home.rpc.request(method, ...rest),
    check: async () => [
      {
        endpoint: 'https://x',
        latencyMs: 1,
        error: new RpcChainError('https://x', 31337, 1),
      },
    ],
  }
  const allocate = (chain: Chain) =>
    newAllocator(account, chain)
      .allocate(idOf('owner'), inSeconds(9))
      .then(({ nonce }) => nonce)
  expect(await allocate(createChain(rpc))).toBe(0n)
  const right = createChain({ ...rpc, check: home.rpc.check })
  await expect(allocate(right)).rejects.toThrow(
    /the chain has 5000 transactions .* but the ledger has 1/,
  )
  expect(await allocate(createChain(home.rpc))).toBe(1n)
})

test('50 racing requests with one key are one transaction', async () => {
  const senders = Array.from({ length: 5 }, () => home.newSender())
  const request = toRequest()
  const before = {
    signs: home.signs(),
    count: await home.anvil.count(home.address),
  }
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => senders[index % 5]!.send(request)),
  )
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1)
  expect(answers[0]).toMatchObject({ status: 'sent' })
  expect(home.signs() - before.signs).toBe(1)
  expect(await home.anvil.count(home.address)).toBe(before.count + 1)
})

test('50 racing requests with one key and two bodies: one of them wins', async () => {
  const sender = home.newSender()
  const request = toRequest()
  const count = await home.anvil.count(home.address)
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) =>
      sender.send({ ...request, value: BigInt(index % 2) }),
    ),
  )
  const won = answers.filter((one) => one.status === 'fulfilled')
  const lost = answers.filter((one) => one.status === 'rejected')
  expect(won).toHaveLength(25)
  expect(new Set(lost.map(({ reason }) => reason.code))).toEqual(
    new Set(['idempotency-conflict']),
  )
  expect(await home.anvil.count(home.address)).toBe(count + 1)
})

test('reconcilers and senders at once leave every request mined once', async () => {
  const senders = Array.from({ length: 4 }, () => home.newSender())
  const options = { key: home.key, rpc: home.rpc, ...fast }
  const reconcilers = Array.from({ length: 3 }, () =>
    createReconciler({ ...options, ledger: home.newLedger() }),
  )
  let done = false
  const runs = reconcilers.map(async (reconciler) => {
    while (!done) await reconciler.run()
  })
  const count = await home.anvil.count(home.address)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      senders[index % 4]!.send(toRequest()),
    ),
  )
  done = true
  await Promise.all(runs)
  await reconcilers[0]!.run()
  const ends = await Promise.all(
    answers.map(({ transactionId }) =>
      senders[0]!.get({ transactionId: transactionId }),
    ),
  )
  expect(new Set(ends.map(({ status }) => status))).toEqual(new Set(['mined']))
  expect(new Set(ends.map(({ nonce }) => nonce)).size).toBe(40)
  // Nonces that a reconciler gave up for a slow sender may have been filled.
  expect(await home.anvil.count(home.address)).toBeGreaterThanOrEqual(
    count + 40,
  )
  const report = await reconcilers[0]!.run()
  expect(report).toMatchObject({ counts: { open: 0, failed: 0 }, notices: [] })
  // What is left are numbers that came back, for the next requests.
  const from = BigInt(report.finalBelow ?? 0)
  const left = await home.ledger.listNonces(home.account, from, from + 500n)
  expect(left.filter(({ attempts }) => attempts.length > 0)).toEqual([])
})

test('a sender does not touch what another account sends from the same table', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const keyId = await createKmsKey(home.aws)
  const key = await SigningKey.connect({ service: home.service, keyId })
  await home.anvil.setBalance(key.address as `0x${string}`, 10n ** 18n)
  const mine = home.newSender()
  const theirs = home.newSender({ key })
  const sent = await mine.send(toRequest())
  const { transactionId } = sent
  for (const change of [
    () => theirs.cancel({ transactionId }),
    () => theirs.speedUp({ transactionId }),
  ])
    await expect(change()).rejects.toThrow(
      /There is no transaction with this id/,
    )
  const account = { ...home.account, address: key.address.toLowerCase() }
  expect(
    await home.ledger.listNonces(account as typeof home.account, 0n, 999n),
  ).toEqual([])
  expect(await mine.get({ transactionId })).toMatchObject({
    cancelRequested: false,
    attempts: [{ purpose: 'request' }],
  })
})
