import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Value } from '../../packages/sender/src/ledger/Item.js'
import { openSenderHome, type SenderHome } from '../support/openSenderHome.js'
import { openVictim, textOf, type Victim } from '../support/openVictim.js'
import { sampled } from '../support/sampled.js'
import { N, S } from '../support/tableEnemy.js'

// The account's head and the reconciler's lease, changed by an enemy.

let home: SenderHome
let victim: Victim
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  victim = await openVictim(home)
  await victim.send()
  await victim.send()
  await victim.reconcile()
})
afterAll(() => home.close())

type Changes = Record<string, Value | undefined>
const changeHead = (changes: Changes) =>
  victim.enemy.change(victim.enemy.head, changes)
const numbers = (from: number, count: number): Value => ({
  NS: Array.from({ length: count }, (_, index) => String(from + index)),
})
/** Sends, and sees it mined. */
async function assertWell() {
  const { transactionId } = await victim.newSender().send(newRequest())
  await victim.reconcile()
  await victim.reconcile()
  expect(await victim.get(transactionId)).toMatchObject({ status: 'mined' })
}
const newRequest = () => victim.toAccepted().request

describe('a head on which nothing is accepted, and that says so', () => {
  test.each(
    sampled<[string, Changes, RegExp]>(
      [
        [
          'its next nonce 10^15',
          { nextNonce: N(10n ** 15n) },
          /is never mined/,
        ],
        ['the name of another table', { table: S('theirs') }, /restored copy/],
        [
          'its next nonce of another type',
          { nextNonce: S('2') },
          /has the wrong type/,
        ],
        [
          'its free numbers of another type',
          { free: S('all') },
          /has the wrong type/,
        ],
        [
          'without a next nonce',
          { nextNonce: undefined },
          /it has no field "nextNonce"/,
        ],
      ],
      2,
    ),
  )('%s, until repair', async (_, changes, told) => {
    await changeHead(changes)
    const signed = home.signs()
    await expect(victim.newSender().send(newRequest())).rejects.toThrow()
    const { notices } = await victim.reconcile()
    expect(notices.map(({ text }) => text).join()).toMatch(told)
    expect(home.signs()).toBe(signed)
    expect(await victim.newReconciler().repair()).toMatchObject({
      complete: true,
      found: [],
    })
    await assertWell()
    expect(await victim.count()).toBe(3)
  })

  test('deleted, until repair', async () => {
    await victim.enemy.remove(victim.enemy.head)
    await expect(victim.newSender().send(newRequest())).rejects.toThrow(
      /has rows for 0x[0-9a-f]{40} but no head/,
    )
    const report = await victim.reconcile()
    expect(textOf(report, 'ledger.incomplete')).toContain('no head')
    expect(await victim.newReconciler().repair()).toMatchObject({
      complete: true,
    })
    await assertWell()
  })

  test.each(
    sampled<[string, Changes]>(
      [
        ['halted', { haltReason: S('foreign'), haltBelow: N(10n ** 15n) }],
        ['halted by half', { haltReason: S('missing') }],
        ['halted by the other half', { haltBelow: N(1) }],
        [
          'halted by what is no reason',
          { haltReason: S('x'), haltBelow: N(1) },
        ],
      ],
      2,
    ),
  )('%s, until the reconciler has looked', async (_, changes) => {
    await changeHead(changes)
    await expect(
      victim.newSender().send(newRequest(), { deadline: Date.now() + 2000 }),
    ).rejects.toThrow(/The ledger does not match the chain/)
    await victim.reconcile()
    await assertWell()
  })
})

describe('a head on which all goes on', () => {
  test.each(
    sampled<[string, Changes]>(
      [
        ['its next nonce lowered', { nextNonce: N(0) }],
        ['its first nonce raised', { first: N(10n ** 15n) }],
        ['10,000 free numbers that are not', { free: numbers(0, 10_000) }],
        ['10,000 free numbers from far away', { free: numbers(1e9, 10_000) }],
        [
          'free numbers that are no nonces',
          { free: { NS: ['-1', '1.5', '1e30', '7'] } },
        ],
        ['free numbers that are owned', { free: { NS: ['0', '1'] } }],
      ],
      2,
    ),
  )('%s', async (_, changes) => {
    await changeHead(changes)
    await assertWell()
  })

  test('10,000 free numbers below a head that was raised by as many', async () => {
    await changeHead({ nextNonce: N(9_990), free: numbers(0, 9_990) })
    const sent = await victim.newSender().send(newRequest())
    expect(sent).toMatchObject({ status: 'sent', nonce: 2 })
  })
})

describe('a lease', () => {
  const changeLease = (changes: Changes) =>
    victim.enemy.change(victim.enemy.lease, changes)
  const held = { holder: S('enemy') }

  test('until the year 2286 is broken, and told', async () => {
    await changeLease({ ...held, until: N(9_999_999_999_999) })
    const report = await victim.reconcile()
    expect(report.skipped).toBe(false)
    expect(textOf(report, 'lease.broken')).toMatch(
      /to last until 2286-\S* \(holder enemy\), longer than any run lasts/,
    )
    await assertWell()
  })

  test.each(
    sampled<[string, Changes]>(
      [
        ['until what is no time', { ...held, until: S('for ever') }],
        ['until nothing', { ...held, until: undefined }],
        ['of a holder of another type', { holder: N(1), until: N(0) }],
        ['of the version before', { ...held, kind: S('lease'), v: undefined }],
        ['with a settled number of another type', { finalBelow: S('all') }],
        ['with another type of pause', { skippedSince: S('always') }],
      ],
      2,
    ),
  )('%s stops nobody', async (_, changes) => {
    await changeLease(changes)
    expect((await victim.reconcile()).skipped).toBe(false)
    await assertWell()
  })

  test.each(
    sampled(
      [
        ['above the head', 10n ** 15n, true],
        ['at the head', 3n, true],
        ['below what is pending', 2n, false],
        ['at the beginning', 0n, false],
      ],
      2,
    ),
  )(
    'that counts as settled what lies %s stops nobody',
    async (_, below, told) => {
      await home.anvil.call('evm_setAutomine', [false])
      const { transactionId } = await victim.send()
      await changeLease({ finalBelow: N(below) })
      const report = await victim.reconcile()
      expect(textOf(report, 'ledger.damaged') !== '').toBe(told)
      expect(report.counts.open).toBe(1)
      await home.anvil.call('evm_setAutomine', [true])
      await home.anvil.call('anvil_mine', ['0x1'])
      await victim.reconcile()
      expect(await victim.get(transactionId)).toMatchObject({ status: 'mined' })
      await assertWell()
    },
  )

  test('that is held keeps the others away for its time, and is told', async () => {
    await changeLease({ ...held, until: N(Date.now() + 60_000) })
    expect(await victim.reconcile()).toMatchObject({ skipped: true })
    await changeLease({ until: N(1), skippedSince: N(Date.now() - 600_000) })
    const report = await victim.reconcile()
    expect(textOf(report, 'reconciler.skipped')).toContain('has done nothing')
  })
})
