import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createReconciler,
  createSender,
} from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim, type Victim } from '../support/openVictim.js'

// A table that was restored from a backup lacks what came after.

let home: SenderHome
let victim: Victim
let restores = 0
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  await home.anvil.call('evm_setAutomine', [true])
  victim = await openVictim(home)
})
afterAll(() => home.close())

const newPayment = () => {
  const to = `0x${randomBytes(20).toString('hex')}`
  return { to, request: toRequest({ dst_address: to, value_wei: '12345' }) }
}

/** The table as it is now, under another name, and what works on it. */
async function restore() {
  const tableName = await victim.enemy.copyTo(`restored-${++restores}`)
  const ledger = victim.newLedger(tableName)
  const of = { key: victim.key, rpc: home.rpc, ledger }
  const fast = { confirmations: 1, graceMs: 0, suspectMs: 0, fillAfterMs: 0 }
  const newReconciler = () => createReconciler({ ...of, ...fast })
  return {
    newSender: () => createSender(of),
    repair: (options = {}) => newReconciler().repair(options),
    adopt: (hash: string, idempotencyKey: string) =>
      newReconciler().adopt({
        hash: hash as `0x${string}`,
        caller: '*library',
        idempotencyKey,
      }),
    reconcile: () => newReconciler().run(),
  }
}

describe('a restored table', () => {
  test('accepts nothing, and is repaired: what came after is paid once', async () => {
    await victim.send()
    const restored = await restore()
    const { to, request } = newPayment()
    const { hash } = await victim.send(request)
    const again = () => restored.newSender().send(request)
    await expect(again()).rejects.toThrow(/is a restored copy of/)
    const signed = home.signs()
    const { counts, notices } = await restored.reconcile()
    expect(notices).toMatchObject([{ type: 'ledger.incomplete' }])
    expect(Object.values(counts).every((count) => count === 0)).toBe(true)

    const found = [{ nonce: 1n, hash, to, value: 12345n, isMined: true }]
    const dry = await restored.repair({ dryRun: true })
    expect(dry).toMatchObject({ found, complete: false, dryRun: true })
    await expect(again()).rejects.toThrow(/is a restored copy of/)
    const repair = await restored.repair()
    expect(repair).toMatchObject({ found, complete: true, unproven: [] })
    expect(await restored.repair()).toMatchObject({ found: [], complete: true })

    await expect(again()).rejects.toMatchObject({
      code: 'possible-repeat',
      hash,
    })
    expect(home.signs()).toBe(signed)
    const adopted = await restored.adopt(hash as string, request.idempotencyKey)
    expect(adopted).toMatchObject({ status: 'mined', hash })
    expect(await again()).toMatchObject({ status: 'mined', hash })
    expect(home.signs()).toBe(signed)
    expect(await home.anvil.balance(to)).toBe(12345n)
    // Claimed by one request, it is no other's.
    const other = toRequest({ dst_address: to, value_wei: '12345' })
    expect(await restored.newSender().send(other)).toMatchObject({
      status: 'sent',
      nonce: 2,
    })
    await expect(restored.adopt(hash as string, 'another')).rejects.toThrow(
      /was adopted for another request/,
    )
  })

  test('not_a_repeat says that it is meant', async () => {
    await victim.send()
    const restored = await restore()
    const { to, request } = newPayment()
    await victim.send(request)
    await restored.repair()
    const meant = { ...request, idempotencyKey: 'meant', notARepeat: true }
    const sent = await restored.newSender().send(meant as typeof request)
    expect(sent).toMatchObject({ status: 'sent' })
    expect(await home.anvil.balance(to)).toBe(2n * 12345n)
  })

  test('what it has as accepted and was paid since is not paid again', async () => {
    await victim.send()
    const { to, request } = newPayment()
    const { id } = await victim.accept(request)
    const restored = await restore()
    await victim.send(request)
    expect(await home.anvil.balance(to)).toBe(12345n)
    await restored.repair()
    await restored.reconcile()
    await restored.reconcile()
    expect(await home.anvil.balance(to)).toBe(12345n)
    const reference = { transactionId: id }
    expect(await restored.newSender().get(reference)).toMatchObject({
      status: 'refused',
      reason: { code: 'possible-repeat' },
    })
  })

  test('what it has as bound and was paid at that nonce is known again', async () => {
    const { to, request } = newPayment()
    const { id } = await victim.reserve(request)
    const restored = await restore()
    await victim.reconcile()
    await restored.repair()
    for (let round = 0; round < 3; round++) await restored.reconcile()
    expect(await home.anvil.balance(to)).toBe(12345n)
    const reference = { transactionId: id }
    expect(await restored.newSender().get(reference)).toMatchObject({
      status: 'mined',
      nonce: 0,
    })
  })

  test('what it has as bound and was paid at another nonce is not paid again', async () => {
    const { to, request } = newPayment()
    const first = await victim.reserve()
    const second = await victim.reserve(request)
    expect([first.nonce, second.nonce]).toEqual([0, 1])
    const restored = await restore()
    // It lets go of 1, and takes 0 from what is cancelled.
    const ledger = victim.newLedger()
    const { claim, ...row } = (await ledger.getTransaction(
      second.id,
    )) as never as {
      claim: string
    }
    const from = { owner: second.id, claim }
    await ledger.free(victim.account, 1n, from)
    await ledger.unbind({ ...row, claim } as never)
    await victim.newSender().cancel({ transactionId: first.id })
    const sent = await victim.newSender().send(request)
    expect(sent).toMatchObject({ status: 'sent', nonce: 0 })
    const repair = await restored.repair()
    expect(repair).toMatchObject({ complete: true, found: [{ nonce: 0n }] })
    for (let round = 0; round < 3; round++) await restored.reconcile()
    expect(await home.anvil.balance(to)).toBe(12345n)
    const reference = { transactionId: second.id }
    expect(await restored.newSender().get(reference)).toMatchObject({
      status: 'refused',
      reason: { code: 'possible-repeat' },
    })
    expect(
      await restored.newSender().get({ transactionId: first.id }),
    ).toMatchObject({ status: 'mined' })
  })

  test('a bump that it lacks is known again', async () => {
    await home.anvil.call('evm_setAutomine', [false])
    const { to, request } = newPayment()
    const { transactionId } = await victim.send(request)
    const restored = await restore()
    const { hash } = await victim.newSender().speedUp({ transactionId })
    await home.anvil.call('anvil_mine', ['0x1'])
    expect(await restored.repair()).toMatchObject({
      complete: true,
      found: [{ hash }],
    })
    for (let round = 0; round < 3; round++) await restored.reconcile()
    expect(await home.anvil.balance(to)).toBe(12345n)
    expect(await restored.newSender().get({ transactionId })).toMatchObject({
      status: 'mined',
      hash,
    })
  })
})
