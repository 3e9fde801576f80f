import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Value } from '../../packages/sender/src/ledger/Item.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim, textOf, type Victim } from '../support/openVictim.js'
import { sampled } from '../support/sampled.js'
import { startReceiver } from '../support/startReceiver.js'
import { N, S, yes } from '../support/tableEnemy.js'

// Ends that the table tells of and the chain does not.

let home: SenderHome
let victim: Victim
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  home = await openSenderHome()
  receiver = await startReceiver()
})
beforeEach(async () => {
  await home.anvil.call('evm_setAutomine', [true])
  victim = await openVictim(home)
  receiver.heard.length = 0
})
afterAll(async () => {
  await receiver.close()
  await home.close()
})

const pend = () => home.anvil.call('evm_setAutomine', [false])
const mine = () => home.anvil.call('anvil_mine', ['0x1'])
const reconcile = () => victim.reconcile({ webhook: receiver.webhook })

/** The block of a transaction that is nothing to this one. */
async function strangersBlock(): Promise<Record<string, Value>> {
  const other = await openVictim(home)
  const { hash } = await other.send()
  const receipt = await home.anvil.receipt(hash)
  return {
    status: S('mined'),
    final: yes,
    undelivered: yes,
    hash: S(hash as string),
    blockHash: S(receipt.blockHash as string),
    blockNumber: N(BigInt(receipt.blockNumber as string)),
    receiptStatus: S('succeeded'),
  }
}

type Changes = Record<string, Value | undefined>
const forgeries: [string, () => Promise<Changes>][] = [
  ["mined, by a stranger's transaction", strangersBlock],
  [
    'mined, with the hash that it has, in a block of others',
    async () => ({ ...(await strangersBlock()), hash: undefined }),
  ],
  [
    'mined, and no more',
    async () => ({ status: S('mined'), final: yes, undelivered: yes }),
  ],
  [
    'replaced by a cancel',
    async () => ({ status: S('replaced'), final: yes, undelivered: yes }),
  ],
  [
    'dropped, for use by others',
    async () => ({
      status: S('dropped'),
      final: yes,
      undelivered: yes,
      reasonCode: S('external-use'),
    }),
  ],
  [
    'refused, for a number that is out of reach',
    async () => ({
      status: S('refused'),
      final: yes,
      undelivered: yes,
      reasonCode: S('unreachable-nonce'),
    }),
  ],
  ['final, while it is sent', async () => ({ final: yes, undelivered: yes })],
]

describe('a pending transaction that the table calls', () => {
  test.each(sampled(forgeries, 2))(
    '%s is not told to be so',
    async (_, forge) => {
      const { hash, ...changes } = await forge()
      await pend()
      const request = toRequest()
      const sent = await victim.send(request)
      const key = victim.enemy.transaction(sent.transactionId)
      await victim.enemy.change(key, { ...changes, ...(hash && { hash }) })
      const answer = {
        status: 'sent',
        hash: sent.hash,
        problem: expect.stringContaining('The ledger says'),
      }
      const told = {
        ...answer,
        final: false,
        checked: false,
        blockNumber: undefined,
        receiptStatus: undefined,
        reason: undefined,
      }
      expect(await victim.get(sent.transactionId)).toMatchObject(told)
      expect(await victim.newSender().send(request)).toMatchObject(answer)
      const [listed] = (await victim.list()).transactions
      expect(listed).toMatchObject({ checked: false })
      const report = await reconcile()
      expect(receiver.heard).toEqual([])
      expect(textOf(report, 'ledger.damaged')).not.toBe('')
      // Others go on, and so do its bytes.
      const next = await victim.send()
      await mine()
      await reconcile()
      expect(await home.isKnown(sent.hash)).toBe(true)
      expect(await victim.get(next.transactionId)).toMatchObject({
        status: 'mined',
      })
    },
  )
})

test('a request that nothing is signed for is not told to be mined', async () => {
  const { id } = await victim.accept()
  await victim.enemy.change(
    victim.enemy.transaction(id),
    await strangersBlock(),
  )
  expect(await victim.get(id)).toMatchObject({
    status: 'accepted',
    final: false,
    hash: undefined,
    checked: false,
    problem: expect.stringContaining(
      'does not belong to any transaction signed for this nonce',
    ),
  })
})

test('the hash of a stranger is not told as its own', async () => {
  await pend()
  const request = toRequest()
  const sent = await victim.send(request)
  await victim.enemy.change(victim.enemy.transaction(sent.transactionId), {
    hash: S(`0x${'ab'.repeat(32)}`),
  })
  expect(await victim.get(sent.transactionId)).toMatchObject({
    hash: sent.hash,
    status: 'sent',
  })
  expect(await victim.newSender().send(request)).toMatchObject({
    hash: sent.hash,
  })
})

describe('an end that was seen, and changed afterwards', () => {
  test.each<[string, Changes]>([
    ['another end', { status: S('replaced') }],
    ['another hash', { hash: S(`0x${'cd'.repeat(32)}`) }],
  ])('%s is not told', async (_, changes) => {
    const sent = await victim.send()
    const sender = victim.newSender()
    await reconcile()
    const reference = { transactionId: sent.transactionId }
    expect(await sender.get(reference)).toMatchObject({
      status: 'mined',
      final: true,
      checked: true,
    })
    const key = victim.enemy.transaction(sent.transactionId)
    await victim.enemy.change(key, changes)
    for (const by of [sender, victim.newSender()])
      expect(await by.get(reference)).toMatchObject({
        status: 'sent',
        hash: sent.hash,
        checked: false,
        receiptStatus: undefined,
      })
  })
})

test.each<[string, Changes]>([
  ['result', { receiptStatus: S('reverted') }],
  ['block', { blockNumber: N(1) }],
])(
  'of another %s than the chain has, the chain is told',
  async (_, changes) => {
    const sent = await victim.send()
    await reconcile()
    const reference = { transactionId: sent.transactionId }
    const before = await victim.newSender().get(reference)
    const key = victim.enemy.transaction(sent.transactionId)
    await victim.enemy.change(key, changes)
    expect(await victim.newSender().get(reference)).toMatchObject({
      ...before,
      status: 'mined',
      receiptStatus: 'succeeded',
    })
  },
)

test("another's payment is not told as the request's, adopted or not", async () => {
  // The key's own, to somebody else: what the signers' functions sign.
  const { raw, hash } = await victim.signElsewhere(0, { value: 7n })
  await home.anvil.call('eth_sendRawTransaction', [raw])
  const receipt = await home.anvil.receipt(hash)
  const sender = victim.newSender({ newLedger: 'any' })
  const { transactionId } = await sender.send(toRequest())
  const { raw: _, ...rest } = await victim.enemy.read(victim.enemy.nonce(1))
  await victim.enemy.put({
    ...rest,
    ...victim.enemy.nonceRow(0, {
      owner: S('external'),
      proof: { B: Buffer.from(raw.slice(2), 'hex').toString('base64') },
      foundAt: N(1),
    }),
  })
  await victim.enemy.change(victim.enemy.transaction(transactionId), {
    nonce: N(0),
    adopted: yes,
    status: S('mined'),
    final: yes,
    hash: S(hash),
    blockHash: S(receipt.blockHash as string),
    blockNumber: N(BigInt(receipt.blockNumber as string)),
    receiptStatus: S('succeeded'),
  })
  expect(await victim.get(transactionId)).toMatchObject({
    final: false,
    problem: expect.stringContaining('does something else'),
  })
})
