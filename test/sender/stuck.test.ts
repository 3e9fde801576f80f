import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createReconciler,
  findBlocking,
  type Rpc,
  RpcRefusedError,
} from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { soak } from '../support/tools.js'

// What does not get into a block: what is done about it, and what that may cost.

let home: SenderHome
beforeEach(async () => {
  home = await openSenderHome()
  await home.anvil.call('evm_setAutomine', [false])
})
afterEach(() => home.close())

const receiver = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const before = 10_000n * 10n ** 18n
const run: SenderHome['reconcile'] = (options) => home.reconcile(options)
const mine = () => home.anvil.call('anvil_mine', ['0x1'])
const drop = () => home.anvil.call('anvil_dropAllTransactions')
const get = (transactionId: string) => home.newSender().get({ transactionId })

/** A node that takes all but what `refuses` says. */
const picky = (refuses: (raw: string) => string | undefined): Rpc => ({
  ...home.rpc,
  request: async (method, params, options) => {
    const raw = String(params?.[0])
    const message =
      method === 'eth_sendRawTransaction' ? refuses(raw) : undefined
    if (message === undefined) return home.rpc.request(method, params, options)
    const refusal = { code: -32000, message, data: undefined }
    throw new RpcRefusedError('https://x', method, refusal)
  },
})

test('while the chain stands still, no fee is raised', async () => {
  const { transactionId: id } = await home.newSender().send(toRequest())
  for (let runs = 0; runs < 3; runs++)
    expect((await run({ stuckAfterMs: 0 })).counts.bumped).toBe(0)
  expect((await get(id)).attempts).toHaveLength(1)
  // A block without it, and nothing in the fees that explains it.
  await drop()
  await home.anvil.call('evm_increaseTime', [5])
  await mine()
  expect((await run({ stuckAfterMs: 0 })).counts.bumped).toBe(1)
})

test("the caller's cap of the tip holds for bumps; a speed_up lifts it", async () => {
  const tip = 1_000_000n
  const request = toRequest({ max_priority_fee_per_gas: String(tip) })
  const { transactionId: id } = await home.newSender().send(request)
  await home.anvil.call('anvil_setNextBlockBaseFeePerGas', ['0x6fc23ac00'])
  await mine()
  const report = await run({ stuckAfterMs: 0 })
  expect(report.notices).toMatchObject([
    {
      type: 'transaction.stuck',
      text: expect.stringContaining(
        '(max_priority_fee_per_gas of the request)',
      ),
    },
  ])
  expect((await get(id)).attempts).toHaveLength(1)
  const sped = await home.newSender().speedUp({ transactionId: id })
  expect(sped.status).toBe('sent')
  const { attempts } = await get(id)
  expect(BigInt(attempts[1]!.maxPriorityFeePerGas)).toBeGreaterThan(tip)
})

test('nothing is signed that the account cannot pay for', async () => {
  const value = 10n ** 18n
  const { transactionId: id, hash } = await home
    .newSender()
    .send(toRequest({ value_wei: String(value) }))
  const [first] = (await get(id)).attempts
  const most = value + 21_000n * BigInt(first!.maxFeePerGas)
  await home.anvil.setBalance(home.address, most)
  await expect(home.newSender().speedUp({ transactionId: id })).rejects.toThrow(
    /amount plus the maximum fee is/,
  )
  await home.anvil.call('evm_increaseTime', [5])
  await drop()
  await mine()
  const report = await run({ stuckAfterMs: 0 })
  expect(report.notices).toMatchObject([{ type: 'transaction.stuck' }])
  // What it can pay for is sent again.
  expect(await home.isKnown(hash)).toBe(true)
  expect((await get(id)).attempts).toHaveLength(1)
})

test('what the account cannot pay any more stands back behind what it can', async () => {
  const sender = home.newSender()
  const value = 10n ** 18n
  const sent = await sender.send(toRequest({ value_wei: String(value) }))
  const { transactionId, hash } = sent
  await sender.speedUp({ transactionId })
  const [first] = (await get(transactionId)).attempts
  await drop()
  const enough = value + 21_000n * BigInt(first!.maxFeePerGas)
  await home.anvil.setBalance(home.address, enough)
  const blocking = () => {
    const now = Date.now()
    const balance = home.rpc
      .request('eth_getBalance', [home.address, 'latest'])
      .then((wei) => BigInt(String(wei)))
    return findBlocking({ ...home, balance }, { deadline: now + 5000, now })
  }
  expect(await blocking()).toBeNull()
  const found = {
    ...{ nonce: sent.nonce, transaction_id: transactionId },
    signed_at: new Date(first!.signedAt).toISOString(),
  }
  vi.setSystemTime(Date.now() + 5 * 60_000)
  expect(await blocking()).toEqual({ ...found, unpayable: false })
  vi.useRealTimers()
  await home.anvil.setBalance(home.address, enough - 1n)
  expect(await blocking()).toEqual({ ...found, unpayable: true })
  await home.anvil.setBalance(home.address, enough)
  const { notices } = await run()
  expect(await home.isKnown(hash)).toBe(true)
  expect(notices).toMatchObject([
    {
      type: 'transaction.stuck',
      text: expect.stringMatching(/insufficient funds/i),
      transactionId: transactionId,
    },
  ])
})

test('what no node will ever take is cancelled, and those behind it go on', async () => {
  let never = ''
  const rpc = picky((raw) => {
    never ||= raw
    return raw === never ? 'exceeds block gas limit' : undefined
  })
  const sender = home.newSender({ rpc })
  const { transactionId: id, status } = await sender.send(toRequest())
  expect(status).toBe('signed')
  const behind = await sender.send(toRequest({ value_wei: '7' }))
  // It is not given up at once.
  await run({ rpc })
  expect((await get(id)).attempts).toHaveLength(1)
  expect((await run({ rpc, stuckAfterMs: 0 })).counts.cancelled).toBe(1)
  await mine()
  await run({ rpc })
  expect(await get(id)).toMatchObject({
    status: 'refused',
    final: true,
    cancelRequested: false,
    reason: {
      code: 'rpc-refused',
      text: expect.stringContaining('No node accepted the signed transaction'),
    },
  })
  expect(await get(behind.transactionId)).toMatchObject({ status: 'mined' })
  expect(await home.anvil.balance(receiver)).toBe(before + 7n)
})

test.each(['txpool is full', 'daily request count exceeded', 'internal error'])(
  'and what may pass is waited for: %s',
  async (message) => {
    const rpc = picky(() => message)
    const { transactionId: id } = await home
      .newSender({ rpc })
      .send(toRequest())
    expect((await run({ rpc, stuckAfterMs: 0 })).counts.cancelled).toBe(0)
    expect(await get(id)).toMatchObject({
      status: 'signed',
      problem: `The node answered with an error: ${message}`,
    })
  },
)

test.each([
  ['dearer than its cap', undefined],
  ['refused by the node for a reason of its own', 'computer says no'],
])(
  'what cannot be signed now, being %s, does not keep the others',
  async (_, refusal) => {
    const setBaseFee = async (wei: number) => {
      await home.anvil.call('anvil_setNextBlockBaseFeePerGas', [
        `0x${wei.toString(16)}`,
      ])
      await mine()
    }
    const rpc: Rpc = {
      ...home.rpc,
      request: async (method, params, options) => {
        const isFirst = JSON.stringify(params).includes('"value":"0x5"')
        if (method !== 'eth_estimateGas' || !isFirst || refusal === undefined)
          return home.rpc.request(method, params, options)
        const answer = { code: -32000, message: refusal, data: undefined }
        throw new RpcRefusedError('https://x', method, answer)
      },
    }
    await setBaseFee(1_000_000_000)
    home.home.setFaults({ kmsErrorRate: 1 })
    const first = await home
      .newSender()
      .send(toRequest({ value_wei: '5', max_fee_per_gas: '1300000000' }))
    expect(first).toMatchObject({ status: 'reserved', nonce: 0 })
    home.home.setFaults({ kmsErrorRate: 0 })
    const second = await home.newSender().send(toRequest({ value_wei: '7' }))
    expect(second).toMatchObject({ status: 'sent', nonce: 1 })
    await setBaseFee(2_400_000_000)
    const options = { rpc, fillAfterMs: 0 }
    for (let runs = 0; runs < 3; runs++) await run(options)
    await mine()
    await run(options)
    expect(await get(second.transactionId)).toMatchObject({ status: 'mined' })
    expect(await get(first.transactionId)).toMatchObject({
      status: 'accepted',
      nonce: undefined,
      problem: expect.stringContaining(refusal ?? 'above the cap'),
    })
    // It goes on when it may.
    await setBaseFee(900_000_000)
    await run({ fillAfterMs: 0 })
    await mine()
    await run()
    expect(await get(first.transactionId)).toMatchObject({
      status: 'mined',
      nonce: 2,
    })
  },
)

test.runIf(soak)(
  'many that are pending at a slow node leave time for those that wait',
  async () => {
    const sender = home.newSender()
    await Promise.all(
      Array.from({ length: 60 }, () => sender.send(toRequest())),
    )
    const { id } = await home.acceptOnly(toRequest())
    const rpc: Rpc = {
      ...home.rpc,
      request: async (method, ...rest) => {
        if (/Receipt|ByHash/.test(method)) await sleep(900)
        return home.rpc.request(method, ...rest)
      },
    }
    const reconciler = createReconciler({
      key: home.key,
      rpc,
      ledger: home.newLedger(),
      graceMs: 0,
      resendAfterMs: 0,
    })
    await reconciler.run({ deadline: Date.now() + 6000 })
    expect(await get(id)).toMatchObject({ status: 'sent', nonce: 60 })
  },
)

test('no more is signed for a request than its sender allows, by nobody', async () => {
  const maxSignatures = 3
  const sender = home.newSender({ maxSignatures })
  const { transactionId } = await sender.send(toRequest())
  expect((await sender.speedUp({ transactionId })).status).toBe('sent')
  expect((await sender.speedUp({ transactionId })).status).toBe('sent')
  await expect(sender.speedUp({ transactionId })).rejects.toThrow(
    'it was signed 3 times, which is the maximum',
  )
  // Blocks go by without it.
  for (let block = 0; block < 3; block++) {
    await drop()
    await home.anvil.call('evm_increaseTime', [60])
    await mine()
    const report = await run({ stuckAfterMs: 0, maxSignatures })
    expect(report.counts.bumped).toBe(0)
    if (block === 0)
      expect(report.notices).toMatchObject([
        { text: expect.stringContaining('The transaction was signed 3 times') },
      ])
  }
  expect(home.signs()).toBe(3)
  // To stop it is another matter.
  await sender.cancel({ transactionId })
  expect(home.signs()).toBe(4)
})
