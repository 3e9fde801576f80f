import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  expect,
  test,
} from 'vitest'
import { SendRequest } from '../../packages/sender/src/index.js'
import * as TransactionRecord from '../../packages/sender/src/ledger/TransactionRecord.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim, thief, type Victim } from '../support/openVictim.js'
import { createTableEnemy, S, yes } from '../support/tableEnemy.js'

// What no check of a row can stop, as docs/ledger-trust.md lists it: shown to
// happen where the table's policy is off. Each name is a line of that list.

let home: SenderHome
let victim: Victim
let stolen: () => Promise<bigint>
const shown: string[] = []
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  await home.anvil.call('evm_setAutomine', [true])
  victim = await openVictim(home)
  await victim.send()
  await victim.reconcile()
  const before = await home.anvil.balance(thief)
  stolen = async () => {
    // A node answers a broadcast before its block is there.
    await home.anvil.call('anvil_mine', ['0x1'])
    return (await home.anvil.balance(thief)) - before
  }
})
afterEach(({ task }) => {
  shown.push(task.name)
})
afterAll(() => home.close())

const theft = () => toRequest({ dst_address: thief, value_wei: '90' })

test('A forged request is paid.', async () => {
  await victim.enemy.put(TransactionRecord.toItem(victim.toAccepted(theft())))
  await victim.reconcile()
  expect(await stolen()).toBe(90n)
})

test('A request that is changed before it is signed is paid to another address.', async () => {
  const { id, request } = await victim.accept()
  const { terms } = SendRequest.toKept({ ...request, to: thief, value: 90n })
  await victim.enemy.change(victim.enemy.transaction(id), {
    request: S(terms),
    requestHash: S(SendRequest.hashTerms(terms, victim.account)),
  })
  await victim.reconcile()
  expect(await stolen()).toBe(90n)
})

test('A paid request is paid again if its row from before the payment is written back.', async () => {
  const { id } = await victim.accept(theft())
  const key = victim.enemy.transaction(id)
  const old = await victim.enemy.read(key)
  await victim.reconcile()
  await victim.reconcile()
  expect(await stolen()).toBe(90n)
  await victim.enemy.put(old)
  await victim.reconcile()
  expect(await stolen()).toBe(180n)
})

test('A request whose row is deleted is paid again when it is repeated.', async () => {
  const request = theft()
  const { transactionId } = await victim.send(request)
  await victim.enemy.remove(victim.enemy.transaction(transactionId))
  await victim.newSender().send(request)
  expect(await stolen()).toBe(180n)
})

test('An unsigned request can be reported as ended.', async () => {
  const { id } = await victim.accept()
  await victim.enemy.change(victim.enemy.transaction(id), {
    status: S('expired'),
    final: yes,
    reasonCode: S('expired'),
    reasonText: S('It was too late.'),
  })
  expect(await victim.get(id)).toMatchObject({ status: 'expired', final: true })
})

test('A pending payment is canceled.', async () => {
  await home.anvil.call('evm_setAutomine', [false])
  const { transactionId } = await victim.send(theft())
  await victim.enemy.change(victim.enemy.transaction(transactionId), {
    cancelRequested: yes,
  })
  await victim.reconcile()
  await home.anvil.call('anvil_mine', ['0x1'])
  await victim.reconcile()
  expect(await stolen()).toBe(0n)
  expect(await victim.get(transactionId)).toMatchObject({ status: 'replaced' })
})

test("A restored table is accepted as the account's ledger if its head is changed.", async () => {
  const name = await victim.enemy.copyTo('renamed')
  const request = theft()
  await victim.send(request)
  const enemy = createTableEnemy({ ...home, tableName: name }, victim.account)
  await enemy.change(enemy.head, { table: S(name) })
  const sender = victim.newSender({ ledger: victim.newLedger(name) })
  await sender.send(request)
  expect(await stolen()).toBe(180n)
})

test('After a repair, a repeated request is paid again.', async () => {
  const name = await victim.enemy.copyTo('repaired')
  const request = theft()
  await victim.send(request)
  const ledger = victim.newLedger(name)
  await victim.newReconciler({ ledger }).repair()
  const enemy = createTableEnemy({ ...home, tableName: name }, victim.account)
  await enemy.change(enemy.head, { adopted: undefined })
  await victim.newSender({ ledger }).send(request)
  expect(await stolen()).toBe(180n)
})

test('the list has each of them, and no others', async () => {
  const path = new URL('../../docs/ledger-trust.md', import.meta.url)
  const text = await readFile(fileURLToPath(path), 'utf8')
  const lines = text.match(/^- .*(?:\n {2}.*)*/gm) ?? []
  const listed = lines.map((line) => line.slice(2).replace(/\s+/g, ' '))
  expect(
    listed.map((line) => `${line.split('. ')[0]?.replace(/\.$/, '')}.`),
  ).toEqual(shown.filter((name) => !name.startsWith('the list')))
})
