import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createRpc,
  type Rpc,
  RpcUnreachableError,
} from '../../packages/sender/src/index.js'
import {
  chainId,
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

// What was stopped, by time or by a cancel, must not be paid afterwards.

let home: SenderHome
beforeEach(async () => {
  home = await openSenderHome()
})
afterEach(() => home.close())

const receiver = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const before = 10_000n * 10n ** 18n

const reconcile: SenderHome['reconcile'] = (options) => home.reconcile(options)
const mine = () => home.anvil.call('anvil_mine', ['0x1'])
const get = (transactionId: string) => home.newSender().get({ transactionId })

/** A node that no transaction gets through to. */
const deaf = (): Rpc => ({
  ...home.rpc,
  request: (method, ...rest) =>
    method === 'eth_sendRawTransaction'
      ? Promise.reject(new Error('lost'))
      : home.rpc.request(method, ...rest),
})
const inMs = (ms: number) => ({ ...toRequest(), validUntil: Date.now() + ms })
const pass = (until: number) => sleep(Math.max(0, until - Date.now()) + 5)

test('signed in time and never broadcast: a repetition after its time does not', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const request = inMs(1500)
  const { transactionId: id } = await home
    .newSender({ rpc: deaf() })
    .send(request)
  const [attempt] = (await get(id)).attempts
  expect(attempt).toMatchObject({ purpose: 'request' })
  await pass(request.validUntil)
  expect(await home.newSender().send(request)).toMatchObject({
    transactionId: id,
    problem: expect.stringContaining('was valid until'),
  })
  expect(await home.isKnown(attempt?.hash)).toBe(false)
  await reconcile()
  await mine()
  await reconcile()
  expect(await get(id)).toMatchObject({ status: 'expired', final: true })
  expect(await home.anvil.balance(receiver)).toBe(before)
})

test('its time passes while KMS works: what KMS answers is thrown away', async () => {
  home.home.setFaults({ kmsLatencyMs: 1500 })
  const request = inMs(1000)
  const { transactionId: id } = await home.newSender().send(request)
  expect(await get(id)).toMatchObject({
    status: 'reserved',
    attempts: [],
    problem: expect.stringContaining('was valid until'),
  })
  home.home.setFaults({ kmsLatencyMs: 0 })
  await reconcile()
  expect(await get(id)).toMatchObject({ status: 'expired', nonce: undefined })
  expect(await home.anvil.balance(receiver)).toBe(before)
})

test('its time has passed: it is not signed anew by speed_up', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const request = inMs(1000)
  const { transactionId: id } = await home.newSender().send(request)
  await pass(request.validUntil)
  await expect(home.newSender().speedUp({ transactionId: id })).rejects.toThrow(
    `Transaction ${id} (sent) can't be changed: its valid_until has passed`,
  )
  expect((await get(id)).attempts).toHaveLength(1)
})

test('a cancel that a cap forbids takes the place of what the node has lost', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const { transactionId: id, hash } = await home.newSender().send(toRequest())
  const [attempt] = (await get(id)).attempts
  const maxFeePerGas = BigInt(attempt!.maxFeePerGas)
  await expect(
    home.newSender({ maxFeePerGas }).cancel({ transactionId: id }),
  ).rejects.toThrow(/above the cap/)
  await home.anvil.call('anvil_dropAllTransactions')
  const report = await reconcile({ maxFeePerGas })
  expect(report.counts).toMatchObject({ cancelled: 1, resent: 0 })
  expect(await home.isKnown(hash)).toBe(false)
  const cancel = (await get(id)).attempts[1]
  expect(cancel).toMatchObject({ purpose: 'cancel' })
  expect(BigInt(cancel!.maxFeePerGas)).toBeLessThanOrEqual(maxFeePerGas)
  await mine()
  await reconcile()
  expect(await get(id)).toMatchObject({ status: 'replaced', final: true })
})

test('a cancel whose process died: a repetition of the request does not pay', async () => {
  const request = toRequest()
  const { transactionId: id } = await home
    .newSender({ rpc: deaf() })
    .send(request)
  await home.ledger.requestCancel(id)
  const repeated = await home.newSender().send(request)
  expect(repeated).toMatchObject({ transactionId: id, status: 'signed' })
  expect(await home.isKnown(repeated.hash)).toBe(false)
  await reconcile()
  await mine()
  await reconcile()
  expect(await get(id)).toMatchObject({ status: 'replaced', final: true })
  expect(await home.anvil.balance(receiver)).toBe(before)
})

test('a speed_up that comes upon a cancel does not outbid it', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const { transactionId: id } = await home.newSender().send(toRequest())
  const ledger = home.newLedger()
  const { getNonce } = ledger
  ledger.getNonce = async (...parameters) => {
    // The cancel comes between the two reads.
    await home.newSender().cancel({ transactionId: id })
    return getNonce(...parameters)
  }
  await expect(
    home.newSender({ ledger }).speedUp({ transactionId: id }),
  ).rejects.toThrow(
    `Transaction ${id} (sent) can't be changed: a cancellation is in progress`,
  )
  const { attempts } = await get(id)
  expect(attempts.map(({ purpose }) => purpose)).toEqual(['request', 'cancel'])
})

test('a speed_up that a cancel was faster than answers no hash of the cancel', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const sent = await home.newSender().send(toRequest())
  const { transactionId: id, hash } = sent
  const ledger = home.newLedger()
  const { storeAttempt } = ledger
  ledger.storeAttempt = async (...parameters) => {
    await home.newSender().cancel({ transactionId: id })
    return storeAttempt(...parameters)
  }
  expect(
    await home.newSender({ ledger }).speedUp({ transactionId: id }),
  ).toMatchObject({ transactionId: id, hash })
  expect(await get(id)).toMatchObject({
    hash,
    cancelRequested: true,
  })
})

test('a speed_up that comes too late leaves status and hash as they are', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const sent = await home.newSender().send(toRequest())
  const { transactionId: id, hash, status } = sent
  const ledger = home.newLedger()
  const { storeAttempt } = ledger
  ledger.storeAttempt = async (...parameters) => {
    // The block comes after the look, and before the broadcast.
    await home.anvil.call('evm_mine')
    return storeAttempt(...parameters)
  }
  const sped = await home.newSender({ ledger }).speedUp({ transactionId: id })
  expect(sped).toMatchObject({
    status,
    hash,
    problem: expect.stringContaining('nonce too low'),
  })
  const record = await home.ledger.getTransaction(id)
  expect(record).toMatchObject({ status, hash })
  expect(await get(id)).toMatchObject({ status: 'mined', hash })
})

test('what is mined is neither sped up nor cancelled, though the ledger has not heard of it', async () => {
  const sent = await home.newSender().send(toRequest())
  await home.anvil.receipt(sent.hash)
  const { transactionId, hash } = sent
  const signs = home.signs()
  const refusal = `Transaction ${transactionId} (sent) can't be changed: it was already mined in block 1 (transaction hash ${hash}).`
  const sender = home.newSender()
  await expect(sender.speedUp({ transactionId })).rejects.toThrow(refusal)
  await expect(sender.cancel({ transactionId })).rejects.toThrow(refusal)
  expect(home.signs()).toBe(signs)
  expect(await get(transactionId)).toMatchObject({
    cancelRequested: false,
    attempts: [{ hash: hash }],
  })
})

test('a cancel is taken down while no node answers, and made when one does', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const { transactionId } = await home.newSender().send(toRequest())
  const rpc = createRpc({ urls: ['http://127.0.0.1:9'], chainId })
  await expect(
    home.newSender({ rpc }).cancel({ transactionId }),
  ).rejects.toThrow(RpcUnreachableError)
  expect(await get(transactionId)).toMatchObject({ cancelRequested: true })
  const { cancelHash } = await home.newSender().cancel({ transactionId })
  const { attempts } = await get(transactionId)
  expect(attempts).toMatchObject([
    { purpose: 'request' },
    { purpose: 'cancel', hash: cancelHash },
  ])
})

test('a process that is late does not take a status back', async () => {
  const sent = await home.newSender().send(toRequest())
  const { transactionId: id, hash } = sent
  expect(
    await home.ledger.advanceStatus(id, 'signed', hash as `0x${string}`),
  ).toBe(undefined)
  const record = await home.ledger.getTransaction(id)
  expect(record).toMatchObject({ status: 'sent' })
})
