import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Signature, Transaction } from '../../packages/core/src/index.js'
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
import { sampled } from '../support/sampled.js'
import { B, N, S } from '../support/tableEnemy.js'

// Signed bytes in the table, put there or relabelled by an enemy.

let home: SenderHome
let victim: Victim
beforeAll(async () => {
  home = await openSenderHome()
})
beforeEach(async () => {
  await home.anvil.call('evm_setAutomine', [false])
  await setBaseFee(1)
  victim = await openVictim(home)
})
afterAll(() => home.close())

const mine = () => home.anvil.call('anvil_mine', ['0x1'])

async function setBaseFee(gwei: number) {
  const wei = `0x${(gwei * 1e9).toString(16)}`
  await home.anvil.call('anvil_setNextBlockBaseFeePerGas', [wei])
  await mine()
}

async function pay() {
  const to = `0x${randomBytes(20).toString('hex')}`
  const request = toRequest({ dst_address: to, value_wei: '12345' })
  const sent = await victim.send(request)
  const key = victim.enemy.nonce(0)
  const row = await victim.enemy.read(key)
  const raw = `0x${Buffer.from((row.raw as { B: string }).B, 'base64').toString('hex')}`
  return { to, id: sent.transactionId, hash: sent.hash, key, raw }
}

/** Valid, but for the half of the curve that s is in. */
async function withHighS(raw: string): Promise<string> {
  const { transaction, signature } = await Transaction.decode(raw as '0x')
  const order =
    0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const flipped = {
    r: signature.r,
    s: order - signature.s,
    yParity: signature.yParity === 0 ? 1 : 0,
  } as Signature.Recovered
  return Transaction.serialize(transaction, flipped)
}

type Payment = Awaited<ReturnType<typeof pay>>
const put =
  (make: (payment: Payment) => Promise<string> | string) =>
  async (payment: Payment) =>
    victim.enemy.change(payment.key, { raw: B(await make(payment)) })
const signed =
  (fields: object = {}) =>
  async () =>
    (await victim.signElsewhere(0, fields)).raw

describe('in the place of what is signed', () => {
  test.each(
    sampled<[string, (payment: Payment) => Promise<unknown>]>(
      [
        ['nothing that can be read', put(() => '0xc0ffee')],
        ["the key's for another chain", put(signed({ chainId: 1 }))],
        [
          "the key's for another nonce",
          put(async () => (await victim.signElsewhere(9)).raw),
        ],
        [
          'those of another key',
          put(async () => {
            const other = await openVictim(home)
            return (await other.signElsewhere(0, { to: thief })).raw
          }),
        ],
        ['the same, with a high s', put(({ raw }) => withHighS(raw))],
        ["the key's own, to somebody else", put(signed())],
        [
          'the same, called a cancel',
          ({ key }) => victim.enemy.change(key, { purpose: S('cancel') }),
        ],
        [
          'the same, called something else',
          ({ key }) => victim.enemy.change(key, { purpose: S('theft') }),
        ],
        [
          'of another type',
          ({ key }) => victim.enemy.change(key, { raw: S('0x') }),
        ],
      ],
      2,
    ),
  )('%s: the payment is found and told', async (_, attack) => {
    const payment = await pay()
    await attack(payment)
    const before = home.signs()
    const first = await victim.reconcile({ fillAfterMs: 60_000 })
    expect(home.signs()).toBe(before)
    await mine()
    const reports = [first]
    for (let round = 0; round < 4; round++)
      reports.push(await victim.reconcile())
    expect(home.signs()).toBe(before)
    expect(await home.anvil.balance(payment.to)).toBe(12345n)
    expect(await victim.get(payment.id)).toMatchObject({
      status: 'mined',
      final: true,
      hash: payment.hash,
      checked: true,
    })
    const told = reports.map((one) => textOf(one, 'ledger.damaged')).join('')
    expect(told).not.toBe('')
    const { transactionId } = await victim.send()
    await mine()
    await victim.reconcile()
    expect(await victim.get(transactionId)).toMatchObject({ status: 'mined' })
  })
})

describe('behind what is signed', () => {
  test.each(
    sampled<[string, (payment: Payment) => Promise<unknown>]>(
      [
        ['junk', () => victim.enemy.put(victim.enemy.attemptRow(0, 1, '0x00'))],
        [
          'junk at the last place',
          () => victim.enemy.put(victim.enemy.attemptRow(0, 9999, '0x00')),
        ],
        [
          'of the version before',
          ({ raw }) =>
            victim.enemy.put(
              victim.enemy.attemptRow(0, 1, raw, { kind: S('attempt') }),
            ),
        ],
        [
          'the same again',
          ({ raw }) => victim.enemy.put(victim.enemy.attemptRow(0, 7, raw)),
        ],
        [
          'signed in the year 2286',
          ({ raw }) =>
            victim.enemy.put(
              victim.enemy.attemptRow(0, 1, raw, {
                signedAt: N(9_999_999_999_999),
              }),
            ),
        ],
      ],
      2,
    ),
  )('%s: it is still sped up, and mined', async (_, attack) => {
    const payment = await pay()
    await attack(payment)
    await setBaseFee(30)
    const report = await victim.reconcile({ stuckAfterMs: 0 })
    expect(report.counts.bumped).toBe(1)
    expect(textOf(report, 'ledger.damaged')).not.toBe('')
    await mine()
    await victim.reconcile()
    expect(await home.anvil.balance(payment.to)).toBe(12345n)
    expect(await victim.get(payment.id)).toMatchObject({ status: 'mined' })
  })

  test('a cancel that is called the request is told to be a cancel', async () => {
    const payment = await pay()
    const sender = victim.newSender()
    const { cancelHash } = await sender.cancel({ transactionId: payment.id })
    await victim.enemy.change(victim.enemy.nonce(0, 1), {
      purpose: S('request'),
    })
    await mine()
    await victim.reconcile()
    const receipt = await home.anvil.receipt(cancelHash)
    const told = await victim.get(payment.id)
    expect(told).toMatchObject({ status: 'replaced', hash: cancelHash })
    expect(told.attempts.map(({ purpose }) => purpose)).toEqual([
      'request',
      'cancel',
    ])
    // Nor by a row that says so as well.
    await victim.enemy.change(victim.enemy.transaction(payment.id), {
      status: S('mined'),
    })
    expect(BigInt(receipt.status as string)).toBe(1n)
    expect(await victim.get(payment.id)).toMatchObject({
      final: false,
      problem: expect.stringContaining('does something else'),
    })
  })

  test("the key's own payment of somebody else, mined: told as use elsewhere", async () => {
    const payment = await pay()
    const { raw } = await victim.signElsewhere(0, { gasPrice: 10n ** 12n })
    await victim.enemy.put(victim.enemy.attemptRow(0, 1, raw))
    await victim.reconcile()
    // Not by us.
    await home.anvil.call('eth_sendRawTransaction', [raw])
    await mine()
    for (let round = 0; round < 3; round++) await victim.reconcile()
    expect(await home.anvil.balance(payment.to)).toBe(0n)
    expect(await victim.get(payment.id)).toMatchObject({
      status: 'dropped',
      reason: { code: 'external-use' },
    })
  })
})

test('a forged proof of use by others is no proof', async () => {
  await home.anvil.call('evm_setAutomine', [true])
  const { id, nonce } = await victim.reserve()
  const other = await openVictim(home)
  const { raw } = await other.signElsewhere(nonce)
  await victim.enemy.change(victim.enemy.nonce(nonce), {
    owner: S('external'),
    claim: undefined,
    proof: B(raw),
    foundAt: N(1),
  })
  const report = await victim.reconcile()
  expect(textOf(report, 'ledger.damaged')).toContain('its field "proof" is not')
  await victim.reconcile()
  expect(await victim.get(id)).toMatchObject({ status: 'mined' })
})
