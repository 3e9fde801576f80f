import { expect, test } from 'vitest'
import { boundStore } from '../../../../test/support/requireDeadline.js'
import {
  createTestKey,
  createTestRuntime,
  createTestTable,
  mined,
} from '../../../../test/support/senderParts.js'
import * as SendRequest from '../request/SendRequest.js'
import * as Attempt from './Attempt.js'
import type { Ledger } from './Ledger.js'

const within = { deadline: 1 }

test('every operation passes its deadline to each call of the store', async () => {
  const { sign, getAccount } = createTestKey()
  const account = await getAccount()
  const table = createTestTable(createTestRuntime().runtime)
  const ledger = table.newLedger('ledger', boundStore)
  const raw = await sign()
  const signed = (await Attempt.readSigned(raw, account))!
  const attempt = {
    ...signed,
    raw,
    index: 0,
    purpose: 'request',
    signedAt: 1,
  } as const
  const request: SendRequest.SendRequest = {
    ...{ value: 1n, data: '0x', accessList: [], speed: 'normal' },
    ...{ to: `0x${'77'.repeat(20)}`, idempotencyKey: 'key' },
  }
  const id = SendRequest.transactionId('shop', 'key')
  const record = {
    ...{ id, caller: 'shop', account, request, createdAt: 1 },
    requestHash: SendRequest.hash(request, account),
  }
  const claim = { owner: id, claim: 'cd'.repeat(16) }
  const renewed = { next: 9n, first: 0n, hasAdopted: false, halt: undefined }
  const page = { limit: 1, ...within }

  const calls: Partial<Record<keyof Ledger, () => Promise<unknown>>> = {
    createHead: () => ledger.createHead(account, 0n, within),
    getHead: () => ledger.getHead(account, within),
    advanceHead: () => ledger.advanceHead(account, 1, within),
    haltHead: () =>
      ledger.haltHead(account, { reason: 'missing', below: 1n }, within),
    markAdopted: () => ledger.markAdopted(account, within),
    addFree: () => ledger.addFree(account, 0n, within),
    removeFree: () => ledger.removeFree(account, 0n, within),
    dropFree: () => ledger.dropFree(account, ['0'], within),
    replaceHead: () => ledger.replaceHead(account, renewed, within),
    lease: () => ledger.lease(account, 'holder', 1, within),
    release: () => ledger.release(account, 'holder', 0n, within),
    reserve: () => ledger.reserve(account, 0n, id, within),
    getNonce: () => ledger.getNonce(account, 0n, within),
    listNonces: () => ledger.listNonces(account, 0n, 9n, within),
    findNonces: () => ledger.findNonces(account, 0n, 1, within),
    highestNonce: () => ledger.highestNonce(account, within),
    take: () => ledger.take(account, 0n, id, within),
    free: () => ledger.free(account, 0n, claim, within),
    clear: () => ledger.clear(account, 0n, within),
    handOver: () => ledger.handOver(account, 0n, claim, raw, within),
    addProof: () => ledger.addProof(account, 0n, raw, within),
    createExternal: () => ledger.createExternal(account, 1n, raw, within),
    createFree: () => ledger.createFree(account, 2n, within),
    storeAttempt: async () => {
      for (const index of [0, 1, 1])
        await ledger.storeAttempt(
          ...([account, 0n, claim, { ...attempt, index }, within] as const),
        )
    },
    suspect: () => ledger.suspect(account, 0n, within),
    clearSuspicion: () => ledger.clearSuspicion(account, 0n, within),
    addAdopted: () => ledger.addAdopted(account, signed, within),
    findAdopted: () => ledger.findAdopted(account, request, within),
    claimAdopted: () => ledger.claimAdopted(account, signed, id, within),
    unclaimAdopted: () => ledger.unclaimAdopted(account, signed, id, within),
    accept: async () => {
      for (const _ of [1, 2]) await ledger.accept(record, within)
    },
    getTransaction: () => ledger.getTransaction(id, within),
    getOutlines: () => ledger.getOutlines([id], within),
    bind: () => ledger.bind(id, 0n, undefined, within),
    advanceStatus: () => ledger.advanceStatus(id, 'sent', '0xaa', within),
    noteProblem: () => ledger.noteProblem(id, 'late', within),
    requestCancel: () => ledger.requestCancel(id, within),
    markMined: () => ledger.markMined(id, { status: 'mined', mined }, within),
    markUnmined: () => ledger.markUnmined(id, '0xaa', within),
    finish: () =>
      ledger.finish(id, { status: 'mined', mined, notify: true }, within),
    listOpen: () => ledger.listOpen(account, page),
    listByCaller: () => ledger.listByCaller(account, 'shop', page),
    adopt: () =>
      ledger.adopt({ ...record, nonce: 0n, mined, notify: false }, within),
  }
  for (const [name, call] of Object.entries(calls))
    await expect(call(), name).resolves.not.toThrow()

  const head = (await ledger.getHead(account, within))!
  await ledger.raiseHead(account, head, 99n, true, within)
  await ledger.resumeHead(account, head, within)
  await ledger.renewHead(account, head, renewed, within)
  const seen = (await ledger.getTransaction(id, within))!
  await ledger.unbind(seen, within)
  await ledger.markDelivered(seen, within)

  const checked: unknown[] = []
  const other = table.newLedger('ledger', () => ({
    check: async (given) => void checked.push(given),
  }))
  await other.check(within)
  expect(checked).toEqual([within])

  const named = [...Object.keys(calls), 'raiseHead', 'resumeHead', 'renewHead']
  const rest = ['unbind', 'markDelivered', 'tableName', 'host', 'check']
  expect([...named, ...rest].sort()).toEqual(Object.keys(ledger).sort())
})
