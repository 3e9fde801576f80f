import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'

// A process is stopped between its look and its write, while others go on, and
// all of it looks the same again when it wakes up.

let home: SenderHome
beforeEach(async () => {
  home = await openSenderHome()
})
afterEach(() => home.close())

const receiver = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const before = 10_000n * 10n ** 18n

/** With a clock that is ahead, so that another's lease is over for it. */
const newLedger = () => {
  const ledger = home.newLedger()
  const { lease } = ledger
  ledger.lease = (account, _, until, options) =>
    lease(account, 'the same', until, options)
  return ledger
}
const reconcile = (ledger = newLedger()) => home.reconcile({ ledger })

/** As a process that died after it had taken the nonce from a request again. */
async function boundWithoutRow() {
  const request = toRequest()
  const { id } = await home.acceptOnly(request)
  const { account, ledger } = home
  await ledger.createHead(account, 0n)
  await ledger.advanceHead(account, 1)
  const claim = await ledger.reserve(account, 0n, id)
  await ledger.bind(id, 0n, claim)
  await ledger.free(account, 0n, { owner: id, claim })
  await ledger.addFree(account, 0n)
  return id
}

test('a reconciler that slept does not take back the nonce that was signed for', async () => {
  const id = await boundWithoutRow()
  const ledger = newLedger()
  const { unbind } = ledger
  let slept = false
  ledger.unbind = async (...parameters) => {
    // Meanwhile it gets the same nonce again, and is signed and mined.
    if (!slept) await reconcile()
    slept = true
    return unbind(...parameters)
  }
  await reconcile(ledger)
  expect(slept).toBe(true)
  await home.anvil.call('anvil_mine', ['0x2'])
  await reconcile()
  expect(await home.newSender().get({ transactionId: id })).toMatchObject({
    nonce: 0,
    status: 'mined',
    final: true,
  })
  expect(await home.anvil.balance(receiver)).toBe(before + 1n)
})

test('a process that slept does not end what got its nonce again', async () => {
  const id = await boundWithoutRow()
  const { account, ledger } = home
  const seen = await ledger.getTransaction(id)
  // Another process takes the nonce back, and gives it again.
  await ledger.unbind(seen!)
  const claim = await ledger.take(account, 0n, id)
  await ledger.bind(id, 0n, claim)
  const end = { status: 'expired', notify: false } as const
  expect(await ledger.finish(id, { ...end, unsigned: seen! })).toBe(undefined)
  const now = await ledger.getTransaction(id)
  expect(now).toMatchObject({ status: 'reserved', final: false })
  expect(await ledger.finish(id, { ...end, unsigned: now! })).toMatchObject({
    final: true,
  })
})
