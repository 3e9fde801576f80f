import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Value } from '../../packages/sender/src/ledger/Item.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim, type Victim } from '../support/openVictim.js'
import { sampled } from '../support/sampled.js'
import { N, S } from '../support/tableEnemy.js'

// Rows of nonces, and what binds a transaction to one, changed by an enemy.

let home: SenderHome
let victim: Victim
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  await home.anvil.call('evm_setAutomine', [true])
  victim = await openVictim(home)
})
afterAll(() => home.close())

type Changes = Record<string, Value | undefined>
const year2286 = N(9_999_999_999_999)
const newAddress = () => `0x${randomBytes(20).toString('hex')}` as const
const newPayment = () => {
  const to = newAddress()
  const request = toRequest({ dst_address: to, value_wei: '12345' })
  return { to, request }
}

async function settle(rounds = 2) {
  const notices = []
  for (let round = 0; round < rounds; round++) {
    notices.push(...(await victim.reconcile()).notices)
    await home.anvil.call('anvil_mine', ['0x1'])
  }
  notices.push(...(await victim.reconcile()).notices)
  return notices.map(({ type }) => type)
}

describe('a nonce that nothing is signed for', () => {
  const inRow = (changes: Changes) => (nonce: number) =>
    victim.enemy.change(victim.enemy.nonce(nonce), changes)
  const inTransaction = (changes: Changes) => (_: number, id: string) =>
    victim.enemy.change(victim.enemy.transaction(id), changes)

  test.each(
    sampled<[string, (nonce: number, id: string) => Promise<unknown>]>(
      [
        ['its owner of another type', inRow({ owner: N(1) })],
        ['its owner no owner', inRow({ owner: S('me') })],
        [
          'its owner a request that there is not',
          inRow({ owner: S('ab'.repeat(20)) }),
        ],
        ['its owner taken away', inRow({ owner: undefined, claim: undefined })],
        ['its claim another one', inRow({ claim: S('ab'.repeat(16)) })],
        ['its claim of another type', inRow({ claim: N(1) })],
        ['its claim taken away', inRow({ claim: undefined })],
        ['its time of another type', inRow({ createdAt: S('now') })],
        ['its time in the year 2286', inRow({ createdAt: year2286 })],
        ['of the version before', inRow({ kind: S('nonce'), v: undefined })],
        [
          'all but its keys taken away',
          (nonce) => victim.enemy.put(victim.enemy.nonce(nonce)),
        ],
        [
          'used by others, it says',
          inRow({ owner: S('external'), claim: undefined }),
        ],
        ['used by others, with a claim', inRow({ owner: S('external') })],
        ['to be filled, it says', inRow({ owner: S('filler') })],
        [
          'junk behind it',
          (nonce) =>
            victim.enemy.put(victim.enemy.attemptRow(nonce, 1, '0x00')),
        ],
        [
          'its row deleted',
          (nonce) => victim.enemy.remove(victim.enemy.nonce(nonce)),
        ],
        ['its request bound to another nonce', inTransaction({ nonce: N(7) })],
        ['its request bound far away', inTransaction({ nonce: N(10n ** 15n) })],
        [
          'its request bound by another claim',
          inTransaction({ claim: S('cd'.repeat(16)) }),
        ],
        [
          'its request unbound',
          inTransaction({
            nonce: undefined,
            claim: undefined,
            status: S('accepted'),
          }),
        ],
        [
          'its request changed in the year 2286',
          inTransaction({ updatedAt: year2286 }),
        ],
      ],
      3,
    ),
  )('%s: it is paid once, and all behind it', async (_, attack) => {
    const { to, request } = newPayment()
    const { id, nonce } = await victim.reserve(request)
    await attack(nonce, id)
    const behind = await victim.send()
    await settle()
    expect(await home.anvil.balance(to)).toBe(12345n)
    expect(await victim.get(id)).toMatchObject({ status: 'mined' })
    expect(await victim.get(behind.transactionId)).toMatchObject({
      status: 'mined',
    })
  })

  test.each(['0x00', '0x02f8'])(
    'junk (%s) in the place of what is signed: others pass, and it is told',
    async (raw) => {
      const { to, request } = newPayment()
      const { id, nonce } = await victim.reserve(request)
      const { raw: bytes } = victim.enemy.attemptRow(nonce, 1, raw)
      await inRow({ raw: bytes, purpose: S('request'), signedAt: N(1) })(nonce)
      const behind = await victim.send()
      expect(await settle()).toContain('ledger.damaged')
      expect(await home.anvil.balance(to)).toBe(0n)
      expect(await victim.get(id)).toMatchObject({
        status: 'dropped',
        reason: { code: 'ledger-damaged' },
      })
      expect(await victim.get(behind.transactionId)).toMatchObject({
        status: 'mined',
      })
    },
  )

  test('rows put ahead of the head keep nobody waiting', async () => {
    await victim.send()
    const rows = [
      { owner: S('ab'.repeat(20)), claim: S('ab'.repeat(16)) },
      { owner: S('external') },
      { owner: N(5) },
    ]
    for (const [index, row] of rows.entries())
      await victim.enemy.put(victim.enemy.nonceRow(1 + index, row))
    await victim.enemy.put(
      victim.enemy.nonceRow(10n ** 15n, { owner: S('ab'.repeat(20)) }),
    )
    const sent = await Promise.all([victim.send(), victim.send()])
    await settle()
    for (const { transactionId } of sent)
      expect(await victim.get(transactionId)).toMatchObject({ status: 'mined' })
  })
})

describe('a transaction that is signed and pending', () => {
  type Attack = (of: { id: string; nonce: number }) => Promise<unknown>
  const change =
    (row: Changes | undefined, transaction: Changes | undefined): Attack =>
    async ({ id, nonce }) => {
      const { enemy } = victim
      if (row !== undefined) await enemy.change(enemy.nonce(nonce), row)
      if (transaction !== undefined)
        await enemy.change(enemy.transaction(id), transaction)
    }
  const unbound = {
    status: S('accepted'),
    nonce: undefined,
    claim: undefined,
    hash: undefined,
  }
  const stranger = { owner: S('ab'.repeat(20)) }

  test.each(
    sampled<[string, Attack]>(
      [
        ['its request set back to accepted', change(undefined, unbound)],
        [
          'its request bound to another nonce',
          change(undefined, { status: S('reserved'), nonce: N(9) }),
        ],
        [
          'its request bound by another claim',
          change(undefined, {
            status: S('reserved'),
            claim: S('ef'.repeat(16)),
          }),
        ],
        ['another owner', change(stranger, { status: S('reserved') })],
        [
          'another owner by another claim',
          change(
            { ...stranger, claim: S('ab'.repeat(16)) },
            { status: S('reserved') },
          ),
        ],
        [
          'used by others, it says',
          change({ owner: S('external') }, { status: S('reserved') }),
        ],
        [
          'its owner of another type',
          change({ owner: N(1) }, { status: S('reserved') }),
        ],
        ['of the version before', change({ kind: S('nonce') }, undefined)],
        ['signed in the year 2286', change({ signedAt: year2286 }, undefined)],
        [
          'suspected in the year 2286',
          change({ suspectedAt: year2286 }, undefined),
        ],
        [
          'counted as settled',
          async () => {
            await victim.reconcile()
            await victim.enemy.change(victim.enemy.lease, { finalBelow: N(2) })
          },
        ],
      ],
      3,
    ),
  )('%s: it is paid once', async (_, attack) => {
    await home.anvil.call('evm_setAutomine', [false])
    const { to, request } = newPayment()
    const sent = await victim.send(request)
    await attack({ id: sent.transactionId, nonce: sent.nonce as number })
    const behind = await victim.send()
    // As one that has never heard of it.
    await home.anvil.call('anvil_dropTransaction', [sent.hash])
    await settle()
    expect(await home.anvil.balance(to)).toBe(12345n)
    expect(await victim.get(behind.transactionId)).toMatchObject({
      status: 'mined',
    })
  })
})
