import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  test,
  vi,
} from 'vitest'
import { SendRequest } from '../../packages/sender/src/index.js'
import * as TransactionRecord from '../../packages/sender/src/ledger/TransactionRecord.js'
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
import { N, S, yes } from '../support/tableEnemy.js'

// Rows of requests that nobody made, put by who can write the table.

let home: SenderHome
let victim: Victim
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  victim = await openVictim(home)
  // A ledger that is at work.
  await victim.send()
})
afterAll(() => home.close())

const theft = () =>
  toRequest({ dst_address: thief, value_wei: String(90n * 10n ** 18n) })
const toRow = (request = theft()) =>
  TransactionRecord.toItem(victim.toAccepted(request))

/** What a run makes of it: nothing is signed but what others wait for. */
async function runWith(): Promise<string> {
  const honest = await victim.accept()
  const signed = home.signs()
  const paid = await home.anvil.balance(thief)
  const report = await victim.reconcile()
  const told = textOf(report, 'ledger.damaged')
  expect(home.signs() - signed).toBe(1)
  expect(await home.anvil.balance(thief)).toBe(paid)
  await victim.reconcile()
  expect(await victim.get(honest.id)).toMatchObject({ status: 'mined' })
  return told
}

describe('a row that was put', () => {
  test.each<[string, (row: ReturnType<typeof toRow>) => object, RegExp]>([
    [
      'with a requestHash of zeros',
      (row) => ({ ...row, requestHash: S('00'.repeat(32)) }),
      /its request does not match its requestHash/,
    ],
    [
      'with an id that it made up',
      (row) => ({ ...row, id: S('ab'.repeat(20)) }),
      /its id differs from the id in its key \(pk\)/,
    ],
    [
      'with an id of another caller',
      (row) => ({ ...row, caller: S('someone') }),
      /its id does not match its caller and idempotency key/,
    ],
    [
      'of the version before',
      ({ v: _, ...row }) => ({ ...row, kind: S('transaction') }),
      /has ledger version 1, but this version of Keyward supports only version 2/,
    ],
    [
      'with a kind of its own',
      (row) => ({ ...row, kind: S('invoice') }),
      /its field "kind" must be "transaction.2"/,
    ],
    [
      'with a time that no date has',
      (row) => ({ ...row, updatedAt: N('99999999999999999999') }),
      /its field "updatedAt" is not a valid time/,
    ],
    [
      'with a status that is a number',
      (row) => ({ ...row, status: N(1) }),
      /its field "status" has the wrong type/,
    ],
    [
      'with a final that is a text',
      (row) => ({ ...row, final: S('yes') }),
      /its field "final" has the wrong type/,
    ],
    [
      'with a request that is no JSON',
      (row) => ({ ...row, request: S('pay') }),
      /its request can't be read/,
    ],
    [
      'with a request that is not valid',
      (row) => withTerms(row, { value: '-1' }),
      /its request can't be read, is not valid/,
    ],
    [
      'with another payload under the same terms',
      (row) => ({ ...row, payload: S('{"data":"0xff","accessList":[]}') }),
      /does not match its payload/,
    ],
    [
      'as final, before it was anything',
      (row) => ({ ...row, final: yes, undelivered: yes }),
      /it is marked as final, but its status is "accepted", which is not final/,
    ],
  ])('%s is not signed', async (_, change, told) => {
    await victim.enemy.put(change(toRow()) as ReturnType<typeof toRow>)
    expect(await runWith()).toMatch(told)
  })

  test('without an address creates no contract', async () => {
    const creation = toRequest({ dst_address: undefined, data: '0x00' })
    await victim.enemy.put(toRow(creation))
    expect(await runWith()).toBe('')
    const { id } = victim.toAccepted(creation)
    expect(await victim.get(id)).toMatchObject({
      status: 'refused',
      reason: { code: 'creation-not-allowed' },
    })
  })

  test('in the place of another one of its index keeps nobody waiting', async () => {
    const accepted = victim.toAccepted()
    const row = TransactionRecord.toItem(accepted)
    await victim.enemy.put(row)
    // A batch that names a key twice is refused as a whole.
    await victim.enemy.put({ ...row, sk: S('again') })
    await victim.enemy.put({ ...row, pk: S('x'), sk: S('tx') })
    await victim.reconcile()
    await victim.reconcile()
    expect(await victim.get(accepted.id)).toMatchObject({ status: 'mined' })
  })
})

/** Terms of its own, with a hash to match. */
function withTerms(row: ReturnType<typeof toRow>, terms: object) {
  const { S: text } = row.request as { S: string }
  const changed = JSON.stringify({ ...JSON.parse(text), ...terms })
  const requestHash = SendRequest.hashTerms(changed, victim.account)
  return { ...row, request: S(changed), requestHash: S(requestHash) }
}

describe("another account's request, authentic and accepted", () => {
  test.each(['by its index', 'by a nonce that it is said to own'])(
    'is not paid by this one: %s',
    async (by) => {
      const other = await openVictim(home)
      const { id } = await other.accept(theft())
      if (by === 'by its index')
        await victim.enemy.change(victim.enemy.transaction(id), {
          open: S(TransactionRecord.openOf(victim.account)),
        })
      else {
        const { id: mine, nonce } = await victim.reserve()
        await victim.enemy.change(victim.enemy.nonce(nonce), { owner: S(id) })
        expect(mine).not.toBe(id)
      }
      const paid = await home.anvil.balance(thief)
      const report = await victim.reconcile()
      expect(textOf(report, 'ledger.damaged')).toContain(
        `${other.address} on chain 31337`,
      )
      await victim.reconcile()
      expect(await home.anvil.balance(thief)).toBe(paid)
      const last = await victim.send()
      await vi.waitFor(async () => {
        await victim.reconcile()
        expect(await victim.get(last.transactionId)).toMatchObject({
          status: 'mined',
        })
      }, 10_000)
    },
  )

  test('of another chain is not paid on this one', async () => {
    const account = { chainId: 1, address: victim.address }
    const request = theft()
    const accepted = {
      ...victim.toAccepted(request),
      account,
      requestHash: SendRequest.hash(request, account),
    }
    await victim.enemy.put({
      ...TransactionRecord.toItem(accepted),
      open: S(TransactionRecord.openOf(victim.account)),
    })
    expect(await runWith()).toContain(`${victim.address} on chain 1`)
    // Nor by who repeats it.
    await expect(victim.send(request)).rejects.toThrow(/idempotency key/)
  })

  test('is not shown to a caller whose index it is put into', async () => {
    const [theirs, mine] = await Promise.all([
      victim.newSender().send(toRequest(), { caller: 'theirs' }),
      victim.newSender().send(toRequest(), { caller: 'mine' }),
    ])
    await victim.enemy.change(victim.enemy.transaction(theirs.transactionId), {
      callerOf: S(TransactionRecord.callerOf(victim.account, 'mine')),
    })
    const { transactions } = await victim
      .newSender()
      .list({}, { caller: 'mine' })
    expect(transactions.map((one) => one.transactionId)).toEqual([
      mine.transactionId,
    ])
  })
})
