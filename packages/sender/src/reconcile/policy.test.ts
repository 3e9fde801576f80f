import { NotAuthorizedError, SigningKey } from '@keyward/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryKey } from '../../../../test/support/memoryKeyService.js'
import {
  openSenderParts,
  type SenderParts,
} from '../../../../test/support/senderParts.js'

// A policy that changes its mind: nothing is signed that it refuses, and nothing
// jams for it.

let parts: SenderParts
let isRefused = false
let asked: string[] = []
let key: SigningKey.LazySigningKey
const authorize: SigningKey.Authorize = (_request, { purpose = 'request' }) => {
  asked.push(purpose)
  if (isRefused) throw new NotAuthorizedError('The test refuses.')
}

beforeEach(async () => {
  parts = await openSenderParts()
  isRefused = false
  asked = []
  const { service } = createMemoryKey({ d: 1n })
  key = SigningKey.open({ service, keyId: 'test-1', authorize })
})

const send = (idempotencyKey: string, options = {}) =>
  parts.newSender({ key, ...options }).send(parts.request(idempotencyKey))
const get = (idempotencyKey: string) =>
  parts.newSender({ key }).get({ idempotencyKey })

describe('a policy before the first signature', () => {
  test('is also asked before anything is accepted', async () => {
    isRefused = true
    await expect(
      send('one', { guard: { preview: authorize } }),
    ).rejects.toThrow(NotAuthorizedError)
    const { transactions } = await parts.newSender({ key }).list()
    expect(transactions).toEqual([])
    isRefused = false
    expect(await send('one', { guard: { preview: authorize } })).toMatchObject({
      status: 'sent',
    })
  })

  test('ends a request accepted earlier as refused, and its nonce returns', async () => {
    isRefused = true
    expect(await send('one')).toMatchObject({ status: 'reserved' })
    const report = await parts.newReconciler({ key }).run()
    expect(report.counts.refused).toBe(1)
    expect(await get('one')).toMatchObject({
      status: 'refused',
      reason: { code: 'not-authorized' },
    })
    isRefused = false
    expect(await send('two')).toMatchObject({ status: 'sent', nonce: 0 })
  })
})

test('blocks nobody if it refuses with its own error', async () => {
  const authorize: SigningKey.Authorize = (request) => {
    const { value } = (request as { transaction: { value: bigint } })
      .transaction
    if (value === 7n) throw new Error('the guard is halted')
  }
  const { service } = createMemoryKey({ d: 1n })
  key = SigningKey.open({ service, keyId: 'test-1', authorize })
  const sender = parts.newSender({ key })
  const dear = parts.request('one', { value: 7n })
  expect(await sender.send(dear)).toMatchObject({ nonce: 0 })
  expect(await send('two')).toMatchObject({ status: 'sent', nonce: 1 })
  for (let runs = 0; runs < 3; runs++) {
    parts.pass(60_000)
    const { notices } = await parts.newReconciler({ key }).run()
    expect(notices.map(({ type }) => type)).toContain('step.failed')
  }
  expect(await get('one')).toMatchObject({ status: 'accepted' })
  const { address } = parts.account
  const { eth_getTransactionCount: count } = parts.node.truth
  expect(count?.([address, 'pending'])).toBe('0x2')
})

describe('a signed transaction', () => {
  const raiseFees = () => {
    parts.node.lies.eth_feeHistory = () => ({
      baseFeePerGas: ['0x4a817c800', '0x4a817c800'],
      reward: [['0x1', '0x2', '0x3']],
    })
    parts.pass(120_000)
  }

  test('is not signed again at higher fees: a cancel replaces it', async () => {
    await send('one')
    isRefused = true
    raiseFees()
    const report = await parts.newReconciler({ key }).run()
    expect(asked).toEqual(['request', 'bump', 'cancel'])
    expect(report.notices.map(({ text }) => text).join()).toContain(
      'The policy no longer allows the transaction',
    )
    delete parts.node.lies.eth_feeHistory
    await parts.node.mine()
    await parts.newReconciler({ key }).run()
    expect(await get('one')).toMatchObject({ status: 'refused' })
  })

  test('speedUp is refused, and the first signature stays', async () => {
    const { hash } = await send('one')
    isRefused = true
    const sped = parts.newSender({ key }).speedUp({ idempotencyKey: 'one' })
    await expect(sped).rejects.toThrow(NotAuthorizedError)
    expect(await get('one')).toMatchObject({ status: 'sent', hash })
  })
})
