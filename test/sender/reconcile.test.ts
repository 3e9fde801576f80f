import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createReconciler,
  createSender,
  type ReconcilerOptions,
  type Report,
  type Rpc,
  RpcRefusedError,
  verifyWebhook,
} from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

let home: SenderHome
beforeEach(async () => {
  home = await openSenderHome()
})
afterEach(() => home.close())

const other = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const noon = (report: Report) =>
  Object.fromEntries(
    Object.entries(report.counts).filter(([, count]) => count > 0),
  )

const newReconciler = (options: Partial<ReconcilerOptions> = {}) => {
  const { key, rpc } = home
  return createReconciler({
    key,
    rpc,
    ledger: home.newLedger(),
    confirmations: 3,
    graceMs: 0,
    resendAfterMs: 0,
    fillAfterMs: 0,
    suspectMs: 0,
    ...options,
  })
}
const mine = (blocks: number) =>
  home.anvil.call('anvil_mine', [`0x${blocks.toString(16)}`])
const get = (transactionId: string) => home.newSender().get({ transactionId })
const hold = () => home.anvil.call('evm_setAutomine', [false])

test('confirms to the configured depth, and not before', async () => {
  const { transactionId: id } = await home.newSender().send(toRequest())
  await home.anvil.receipt((await get(id)).hash)
  const reconciler = newReconciler()
  await reconciler.run()
  expect(await get(id)).toMatchObject({
    status: 'mined',
    final: false,
    blockNumber: 1n,
    receiptStatus: 'succeeded',
  })
  await mine(1)
  expect(noon(await reconciler.run())).toEqual({ open: 1 })
  await mine(1)
  expect(noon(await reconciler.run())).toEqual({ mined: 1 })
  expect(await get(id)).toMatchObject({ status: 'mined', final: true })
  expect(await reconciler.run()).toMatchObject({ finalBelow: 1, next: 1 })
})

test('a reorg is noticed, told, and mended with the same bytes', async () => {
  const reconciler = newReconciler()
  const snapshot = await home.anvil.call('evm_snapshot')
  const sent = await home.newSender().send(toRequest())
  const id = sent.transactionId
  await home.anvil.receipt(sent.hash)
  await reconciler.run()
  expect(await get(id)).toMatchObject({ status: 'mined', blockNumber: 1n })
  const signs = home.signs()
  await home.anvil.call('evm_revert', [snapshot])
  await home.anvil.call('anvil_dropAllTransactions')
  await mine(2)
  const report = await reconciler.run()
  expect(report.notices).toEqual([
    {
      type: 'transaction.reorged',
      text: 'Block 1, which contained the transaction, is no longer in the chain.',
      transactionId: id,
      nonce: 0,
    },
  ])
  expect(noon(report)).toMatchObject({ reorged: 1, resent: 1 })
  await home.anvil.receipt(sent.hash)
  await mine(2)
  await reconciler.run()
  expect(await get(id)).toMatchObject({
    status: 'mined',
    final: true,
    blockNumber: 3n,
    hash: sent.hash,
  })
  expect(home.signs()).toBe(signs)
})

test('a reorg that is deeper than what counted as final: the same bytes again', async () => {
  const snapshot = await home.anvil.call('evm_snapshot')
  const sender = home.newSender()
  const first = await sender.send(toRequest())
  // Two fillers stand between them.
  await home.ledger.advanceHead(home.account, 2)
  const sent = [first, await sender.send(toRequest())]
  await newReconciler().run()
  await mine(3)
  await newReconciler().run()
  const signs = home.signs()
  const before = await home.anvil.balance(other)
  await home.anvil.call('evm_revert', [snapshot])
  await home.anvil.call('anvil_dropAllTransactions')
  // As a node that is behind has it: it is waited for.
  const behind = await newReconciler().run()
  expect(behind.notices).toMatchObject([{ type: 'chain.behind' }])
  expect(await home.anvil.balance(other)).toBe(before - 2n)
  await mine(8)
  const report = await newReconciler().run()
  expect(noon(report)).toMatchObject({ reorged: 4, resent: 4 })
  expect(report.notices.filter((one) => one.transactionId)).toMatchObject(
    sent.map(({ transactionId, nonce }) => ({
      type: 'transaction.reorged',
      text: expect.stringMatching(
        /^The transaction was in block \d+, which counted as final/,
      ),
      transactionId,
      nonce,
    })),
  )
  for (const { hash } of sent) await home.anvil.receipt(hash)
  expect(await home.anvil.balance(other)).toBe(before)
  expect(home.signs()).toBe(signs)
  // And it goes on behind them.
  const next = await home.newSender().send(toRequest())
  await home.anvil.receipt(next.hash)
  expect((await newReconciler().run()).notices).toEqual([])
})

test('what a node has lost is sent again, as it was', async () => {
  await hold()
  const sender = home.newSender()
  const sent = [await sender.send(toRequest()), await sender.send(toRequest())]
  await home.anvil.call('anvil_dropAllTransactions')
  const signs = home.signs()
  const report = await newReconciler().run()
  expect(noon(report)).toEqual({ open: 2, resent: 2 })
  await mine(1)
  await mine(2)
  await newReconciler().run()
  for (const { transactionId, hash } of sent)
    expect(await get(transactionId)).toMatchObject({
      status: 'mined',
      final: true,
      hash,
    })
  expect(home.signs()).toBe(signs)
})

test('a base fee that rises above the fees: bumped by an eighth or more', async () => {
  await hold()
  const { transactionId: id } = await home.newSender().send(toRequest())
  await home.anvil.call('anvil_setNextBlockBaseFeePerGas', [
    `0x${(30_000_000_000).toString(16)}`,
  ])
  await mine(1)
  expect((await get(id)).receiptStatus).toBe(undefined)
  // Fees are asked for every two seconds.
  const report = await newReconciler({ stuckAfterMs: 0 }).run()
  expect(noon(report)).toEqual({ open: 1, bumped: 1 })
  const { attempts, hash } = await get(id)
  expect(attempts).toHaveLength(2)
  const [first, second] = attempts.map((one) => [
    Number(one.maxFeePerGas),
    Number(one.maxPriorityFeePerGas),
  ])
  expect(second![0]).toBeGreaterThan(30_000_000_000)
  expect(second![1]).toBeGreaterThanOrEqual(first![1]! * 1.1)
  expect(hash).toBe(attempts[1]?.hash)
  await mine(3)
  await newReconciler().run()
  expect(await get(id)).toMatchObject({
    status: 'mined',
    final: true,
    hash: attempts[1]?.hash,
  })
})

test('a cap is never exceeded: what is stuck below it is told', async () => {
  await hold()
  const request = toRequest({ max_fee_per_gas: '4000000000' })
  const { transactionId: id } = await home.newSender().send(request)
  await home.anvil.call('anvil_setNextBlockBaseFeePerGas', [
    `0x${(30_000_000_000).toString(16)}`,
  ])
  await mine(1)
  const report = await newReconciler({ stuckAfterMs: 0 }).run()
  expect(report.notices).toMatchObject([
    {
      type: 'transaction.stuck',
      text: expect.stringMatching(
        /^The fee is at least [0-9.]+ gwei per gas, which is above the cap of 4 gwei per gas \(max_fee_per_gas of the request\)\.$/,
      ),
      transactionId: id,
    },
  ])
  const got = await get(id)
  expect(got.attempts).toHaveLength(1)
  expect(got.problem).toMatch(/above the cap of 4 gwei/)
  // Somebody means to pay more.
  const sped = await home
    .newSender()
    .speedUp({ transactionId: id }, { maxFeePerGas: 200_000_000_000n })
  expect(sped.status).toBe('sent')
  await mine(3)
  await newReconciler().run()
  expect(await get(id)).toMatchObject({
    final: true,
    hash: sped.hash,
  })
})

test('cancelled while signed: a transfer of nothing takes its place', async () => {
  await hold()
  const sender = home.newSender()
  const { transactionId: id } = await sender.send(toRequest())
  expect(await sender.cancel({ transactionId: id })).toMatchObject({
    status: 'sent',
  })
  const before = await home.anvil.balance(other)
  await mine(3)
  expect(noon(await newReconciler().run())).toEqual({ replaced: 1 })
  expect(await get(id)).toMatchObject({
    status: 'replaced',
    final: true,
    reason: { code: 'cancelled' },
    attempts: [{ purpose: 'request' }, { purpose: 'cancel' }],
  })
  expect(await home.anvil.balance(other)).toBe(before)
  await expect(sender.cancel({ transactionId: id })).rejects.toThrow(
    `Transaction ${id} (replaced) can't be changed: it is no longer pending.`,
  )
})

test('a cancel in a block is no payment, before it is final either', async () => {
  await hold()
  const sender = home.newSender()
  const { transactionId: id, hash } = await sender.send(toRequest())
  const snapshot = await home.anvil.call('evm_snapshot')
  const { cancelHash } = await sender.cancel({ transactionId: id })
  await mine(1)
  const reconciler = newReconciler()
  expect(noon(await reconciler.run())).toEqual({ open: 1 })
  expect(await get(id)).toMatchObject({
    status: 'replaced',
    final: false,
    blockNumber: 1n,
    hash: cancelHash,
    reason: { code: 'cancelled' },
  })
  await expect(sender.cancel({ transactionId: id })).rejects.toThrow(
    `Transaction ${id} (replaced) can't be changed: it is no longer pending.`,
  )
  await home.anvil.call('evm_revert', [snapshot])
  await home.anvil.call('anvil_dropAllTransactions')
  expect(noon(await reconciler.run())).toMatchObject({ reorged: 1 })
  expect(await get(id)).toMatchObject({
    status: 'sent',
    hash,
    blockNumber: undefined,
    reason: undefined,
  })
  await mine(3)
  await reconciler.run()
  expect(await get(id)).toMatchObject({ status: 'replaced', final: true })
})

test('cancelled before it was signed: nothing is signed, its nonce is the next one', async () => {
  const sender = home.newSender()
  home.home.setFaults({ kmsErrorRate: 1 })
  const { transactionId: id, nonce } = await sender.send(toRequest())
  home.home.setFaults({ kmsErrorRate: 0 })
  expect(nonce).toBe(0)
  expect(await sender.cancel({ transactionId: id })).toMatchObject({
    status: 'dropped',
  })
  expect(await get(id)).toMatchObject({
    final: true,
    reason: { code: 'cancelled' },
    attempts: [],
  })
  expect(await sender.send(toRequest())).toMatchObject({ nonce: 0 })
  expect(home.signs()).toBeGreaterThan(0)
})

test('valid_until: nothing is signed after it; what is signed is replaced', async () => {
  await hold()
  const signed = { ...toRequest(), validUntil: Date.now() + 3000 }
  const { transactionId: one } = await home.newSender().send(signed)
  home.home.setFaults({ kmsErrorRate: 1 })
  const unsigned = { ...toRequest(), validUntil: Date.now() + 3000 }
  const { transactionId: two } = await home.newSender().send(unsigned)
  home.home.setFaults({ kmsErrorRate: 0 })
  await sleep(unsigned.validUntil - Date.now() + 1)
  const report = await newReconciler().run()
  expect(noon(report)).toMatchObject({ expired: 1, cancelled: 1 })
  expect(await get(two)).toMatchObject({ status: 'expired', attempts: [] })
  await mine(3)
  await newReconciler().run()
  expect(await get(one)).toMatchObject({
    status: 'expired',
    final: true,
    reason: { code: 'expired' },
    attempts: [{ purpose: 'request' }, { purpose: 'cancel' }],
  })
  expect(await home.anvil.balance(other)).toBe(10_000n * 10n ** 18n)
})

test('a foreign transaction: the one whose nonce it took is dropped, with its hash', async () => {
  await hold()
  const { transactionId: id, nonce } = await home.newSender().send(toRequest())
  await home.anvil.call('anvil_dropAllTransactions')
  // The same key, elsewhere: another table knows nothing of it.
  const foreign = await home.signElsewhere(BigInt(nonce ?? -1))
  await home.anvil.call('eth_sendRawTransaction', [foreign.raw])
  await mine(3)
  await newReconciler().run()
  const report = await newReconciler().run()
  expect(noon(report)).toMatchObject({ external: 1, dropped: 1 })
  expect(report.notices).toMatchObject([
    {
      type: 'account.external_use',
      text: `Nonce 0 was used by a transaction that is not in the ledger (${foreign.hash}): another program uses the key.`,
      transactionId: id,
      nonce: 0,
    },
  ])
  expect(await get(id)).toMatchObject({
    status: 'dropped',
    final: true,
    reason: { code: 'external-use' },
  })
  // And it goes on behind it.
  await home.anvil.call('evm_setAutomine', [true])
  expect(await home.newSender().send(toRequest())).toMatchObject({
    nonce: 1,
    status: 'sent',
  })
})

test('a transaction of the same key on another chain is no foreign use', async () => {
  await hold()
  const { transactionId: id } = await home.newSender().send(toRequest())
  await home.anvil.call('anvil_dropAllTransactions')
  const elsewhere = await home.signElsewhere(0n)
  await home.anvil.call('eth_sendRawTransaction', [elsewhere.raw])
  await mine(3)
  // As an endpoint answers that was led to another chain meanwhile.
  const rpc: Rpc = {
    ...home.rpc,
    request: async (method, params, options) => {
      const result = await home.rpc.request(method, params, options)
      const text = JSON.stringify(result).replaceAll(
        '"chainId":"0x7a69"',
        '"chainId":"0x1"',
      )
      return JSON.parse(text)
    },
  }
  for (let runs = 0; runs < 3; runs++) await newReconciler({ rpc }).run()
  expect(await get(id)).toMatchObject({ final: false })
})

test('a foreign transaction ahead of the head is passed', async () => {
  const sender = home.newSender()
  await sender.send(toRequest())
  const foreign = await home.signElsewhere(1n)
  await home.anvil.call('eth_sendRawTransaction', [foreign.raw])
  await home.anvil.receipt(foreign.hash)
  const sent = await home.newSender().send(toRequest())
  expect(sent).toMatchObject({ nonce: 2, status: 'sent' })
  // Nonce 1 has no row of ours, and nobody may get it.
  await newReconciler().run()
  expect(await home.newSender().send(toRequest())).toMatchObject({
    nonce: 3,
    status: 'sent',
  })
  await mine(3)
  await newReconciler().run()
  const report = await newReconciler().run()
  expect(report.finalBelow).toBe(4)
  expect(await home.newSender().send(toRequest())).toMatchObject({ nonce: 4 })
})

test('a foreign transaction before anything is signed: the request gets another nonce', async () => {
  home.home.setFaults({ kmsErrorRate: 1 })
  const { transactionId: id, nonce } = await home.newSender().send(toRequest())
  home.home.setFaults({ kmsErrorRate: 0 })
  expect(nonce).toBe(0)
  const foreign = await home.signElsewhere(0n)
  await home.anvil.call('eth_sendRawTransaction', [foreign.raw])
  await home.anvil.receipt(foreign.hash)
  await mine(3)
  for (let runs = 0; runs < 4; runs++) await newReconciler().run()
  expect(await get(id)).toMatchObject({ nonce: 1, status: 'mined' })
})

test('a node without history does not say that a payment was not mined', async () => {
  const sent = await home.newSender().send(toRequest())
  await home.anvil.receipt(sent.hash)
  await home.anvil.call('anvil_mine', ['0x5'])
  const forgetful: Rpc = {
    ...home.rpc,
    request: async (method, params = [], options) => {
      if (method === 'eth_getTransactionReceipt') return null
      if (method === 'eth_getTransactionCount' && params[1] !== 'latest')
        throw new RpcRefusedError('https://x', method, {
          code: -32000,
          message: 'missing trie node',
          data: undefined,
        })
      return home.rpc.request(method, params, options)
    },
  }
  const { transactionId } = sent
  await newReconciler({ rpc: forgetful }).run()
  const { notices } = await newReconciler({ rpc: forgetful }).run()
  expect(notices).toContainEqual({
    type: 'account.external_use',
    text: expect.stringMatching(/is used on the chain .* enough history/),
    transactionId: transactionId,
    nonce: sent.nonce,
  })
  const asked = home.newSender({ rpc: forgetful }).get({ transactionId })
  expect(await asked).toMatchObject({
    status: 'sent',
    final: false,
    problem: expect.stringContaining('enough history'),
  })
  await newReconciler().run()
  expect(await get(transactionId)).toMatchObject({
    status: 'mined',
    final: true,
  })
})

test('a gap in the way is filled when nobody else can', async () => {
  const sender = home.newSender()
  await sender.send(toRequest())
  // A process died with three numbers.
  await home.ledger.advanceHead(home.account, 3)
  const blocked = await sender.send(toRequest())
  expect(blocked).toMatchObject({ nonce: 4, status: 'sent' })
  const report = await newReconciler().run()
  expect(noon(report)).toMatchObject({ filled: 3 })
  await home.anvil.receipt(blocked.hash)
  await mine(3)
  expect(await newReconciler().run()).toMatchObject({ finalBelow: 5, next: 5 })
})

test('a gap of many is paid for bit by bit, so that people hear of it', async () => {
  const sender = home.newSender()
  await sender.send(toRequest())
  await home.ledger.advanceHead(home.account, 53)
  await sender.send(toRequest())
  expect((await newReconciler().run()).counts.filled).toBe(50)
  expect((await newReconciler().run()).counts.filled).toBe(3)
})

test('a gap goes to a request that waits', async () => {
  const sender = home.newSender()
  await sender.send(toRequest())
  await home.ledger.advanceHead(home.account, 1)
  await sender.send(toRequest())
  const { id } = await home.acceptOnly(toRequest())
  const report = await newReconciler().run()
  expect(noon(report)).toMatchObject({ advanced: 1 })
  expect(report.counts.filled).toBe(0)
  const record = await home.ledger.getTransaction(id)
  expect(record).toMatchObject({ nonce: 1n, status: 'sent' })
})

test('what was accepted and would fail is refused, with the reason', async () => {
  const request = { ...toRequest(), value: 10n ** 24n }
  const { id } = await home.acceptOnly(request)
  expect(noon(await newReconciler().run())).toMatchObject({ refused: 1 })
  expect(await home.newSender().send(request)).toEqual({
    transactionId: id,
    hash: undefined,
    nonce: undefined,
    status: 'refused',
    reason: { code: 'insufficient-funds', text: expect.any(String) },
  })
  expect(await get(id)).toMatchObject({
    status: 'refused',
    final: true,
    nonce: undefined,
    reason: {
      code: 'insufficient-funds',
      text: expect.stringContaining('amount plus the maximum fee is'),
    },
  })
})

test('a chain that was reset is named, and nothing is done', async () => {
  await home.newSender().send(toRequest())
  await mine(3)
  await newReconciler().run()
  await home.anvil.call('anvil_reset')
  const report = await newReconciler().run()
  expect(report.notices).toMatchObject([{ type: 'chain.behind' }])
})

test('two reconcilers: one works, the other one says so', async () => {
  await home.newSender().send(toRequest())
  const reports = await Promise.all([
    newReconciler().run(),
    newReconciler().run(),
  ])
  expect(reports.map(({ skipped }) => skipped).sort()).toEqual([false, true])
})

test('the webhook hears of each end, signed, until it says so', async () => {
  const secret = 'a secret of some length'
  const heard: { headers: Record<string, unknown>; body: string }[] = []
  let well = false
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    heard.push({ headers: request.headers, body })
    response.writeHead(well ? 204 : 500).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const webhook = {
    url: `http://127.0.0.1:${port}/hook?key=k3y`,
    secret,
    maxAttempts: 2,
  }
  const metrics: string[] = []
  const reconciler = newReconciler({
    webhook,
    metrics: (line) => metrics.push(line),
  })
  const { transactionId: id } = await home.newSender().send(toRequest())
  await mine(3)
  await reconciler.run()
  const failed = await reconciler.run()
  expect(failed.notices).toEqual([
    {
      type: 'webhook.failed',
      text: `The webhook at http://127.0.0.1:${port} did not confirm the event: it returned HTTP 500. The event will be sent again.`,
      transactionId: id,
    },
  ])
  well = true
  expect(noon(await reconciler.run())).toEqual({ delivered: 1 })
  expect(noon(await reconciler.run())).toEqual({})
  const last = heard.at(-1)!
  const delivery = {
    timestamp: String(last.headers['x-timestamp']),
    signature: String(last.headers['x-signature']),
    body: last.body,
  }
  expect(verifyWebhook(secret, delivery)).toBe(true)
  expect(verifyWebhook('another secret here', delivery)).toBe(false)
  expect(verifyWebhook(secret, { ...delivery, body: `${last.body} ` })).toBe(
    false,
  )
  // A receiver whose secret is missing would take anybody's word.
  expect(() => verifyWebhook('', delivery)).toThrow(/at least 16 characters/)
  const now = Date.now() + 600_000
  expect(verifyWebhook(secret, delivery, { now })).toBe(false)
  expect(JSON.parse(last.body)).toMatchObject({
    id: `${id}-mined`,
    type: 'transaction.mined',
    transaction: { transaction_id: id, receipt_status: 'succeeded' },
  })
  expect(JSON.parse(metrics[0]!)).toMatchObject({
    ChainId: '31337',
    Mined: 1,
    Unsettled: 0,
    _aws: { CloudWatchMetrics: [{ Namespace: 'Keyward' }] },
  })
  server.closeAllConnections()
  server.close()
})

test('a chain without base fee gets legacy transactions, and bumps of their price', async () => {
  await home.anvil.stop()
  await home.anvil.start(['--hardfork', 'berlin'])
  await home.anvil.setBalance(home.address, 10n ** 18n)
  await hold()
  const sender = createSender({
    key: home.key,
    rpc: home.rpc,
    ledger: home.newLedger(),
  })
  const { transactionId: id } = await sender.send(toRequest())
  const sped = await sender.speedUp({ transactionId: id })
  const { attempts } = await get(id)
  const [first, second] = attempts.map((one) => Number(one.maxFeePerGas))
  expect(second).toBeGreaterThanOrEqual(first! * 1.1)
  await mine(3)
  const mined = (await home.anvil.call('eth_getTransactionByHash', [
    sped.hash,
  ])) as { type: string; gasPrice: string }
  expect(mined).toMatchObject({
    type: '0x0',
    gasPrice: `0x${second!.toString(16)}`,
  })
})
