import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import {
  openVictim,
  textOf,
  thief,
  type Victim,
} from '../support/openVictim.js'
import { N } from '../support/tableEnemy.js'

// Requests that a false head gave numbers which the chain may reach one day.

let home: SenderHome
let victim: Victim
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  victim = await openVictim(home)
})
afterAll(() => home.close())

const far = 30_000

/** Signed for `far` by a sender that was told so, before anybody noticed. */
async function sendFarAbove() {
  await victim.send()
  await victim.enemy.change(victim.enemy.head, { nextNonce: N(far) })
  const setNonce = (nonce: number) =>
    home.anvil.call('anvil_setNonce', [
      victim.address,
      `0x${nonce.toString(16)}`,
    ])
  await setNonce(far)
  await home.anvil.call('evm_setAutomine', [false])
  const request = toRequest({ dst_address: thief, value_wei: '5' })
  const sent = await victim.newSender().send(request)
  await home.anvil.call('anvil_dropTransaction', [sent.hash])
  await home.anvil.call('evm_setAutomine', [true])
  await setNonce(1)
  return { ...sent, request, setNonce }
}

test('repair lowers the head; what is above is refused, stays, and is never mined', async () => {
  const { transactionId, nonce, request, setNonce } = await sendFarAbove()
  expect(nonce).toBe(far)
  const paid = await home.anvil.balance(thief)
  const dry = await victim.newReconciler().repair({ dryRun: true })
  expect(dry).toMatchObject({
    lowered: { from: BigInt(far + 1), to: 1n },
    refused: [transactionId],
    complete: false,
  })
  const repair = await victim.newReconciler().repair()
  expect(repair).toMatchObject({ refused: [transactionId], complete: true })
  const refused = {
    status: 'refused',
    reason: { code: 'unreachable-nonce' },
  }
  expect(await victim.get(transactionId)).toMatchObject({
    ...refused,
    final: true,
    checked: true,
  })
  // Repeated, it is told the same, and paid by nobody.
  expect(await victim.newSender().send(request)).toMatchObject(refused)
  expect(await victim.newSender().send(toRequest())).toMatchObject({
    status: 'sent',
    nonce: 1,
  })
  expect(
    await victim.newLedger().getNonce(victim.account, BigInt(far)),
  ).toMatchObject({
    owner: transactionId,
    attempts: [{ purpose: 'request' }],
  })

  // The chain and the head come near to it.
  await setNonce(far - 900)
  await victim.enemy.change(victim.enemy.head, { nextNonce: N(far - 900) })
  await victim.enemy.change(victim.enemy.lease, { finalBelow: N(far - 900) })
  const report = await victim.reconcile()
  expect(textOf(report, 'account.gap_filled')).toContain(
    `Nonce ${far} was assigned from a wrong ledger head`,
  )
  const row = await victim.newLedger().getNonce(victim.account, BigInt(far))
  expect(row?.attempts.map(({ purpose }) => purpose)).toEqual([
    'request',
    'cancel',
  ])
  expect((await victim.reconcile()).counts.cancelled).toBe(0)
  await setNonce(far - 1)
  await victim.enemy.change(victim.enemy.head, { nextNonce: N(far - 1) })
  // Its number is given to nobody.
  const given = await Promise.all(
    [1, 2, 3].map(() => victim.newSender().send(toRequest())),
  )
  expect(given.map((one) => one.nonce).sort()).toEqual([
    far - 1,
    far + 1,
    far + 2,
  ])
  expect(await home.anvil.balance(thief)).toBe(paid)
})
