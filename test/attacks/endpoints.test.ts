import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Rpc } from '../../packages/sender/src/index.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim, textOf, type Victim } from '../support/openVictim.js'

// Endpoints that lie.

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

const huge = `0x${(10n ** 15n).toString(16)}`
type Lie = (params: readonly unknown[]) => unknown

/** An endpoint that answers some methods as it likes. */
const lying = (lies: Record<string, Lie>): Rpc => ({
  ...home.rpc,
  async request(method, params = [], options) {
    const lie = lies[method]?.(params)
    if (lie === undefined) return home.rpc.request(method, params, options)
    options?.check?.(lie)
    return lie
  },
})
const counting = (count: string, only?: string) =>
  lying({
    eth_getTransactionCount: ([, block]) =>
      only === undefined || block === only ? count : undefined,
  })
const nonces = () =>
  victim.newLedger().listNonces(victim.account, 0n, 10n ** 18n)

describe('a false count of 10^15, for a moment', () => {
  test.each<[string, number | undefined]>([
    ['that all must prove', undefined],
    ['where others may use the key as they like', Infinity],
  ])(
    'at work, %s: nothing is given that can never be mined',
    async (_, max) => {
      const options = max === undefined ? {} : { maxForeign: max }
      await victim.send()
      const rpc = counting(huge)
      await expect(
        victim.newSender({ rpc, ...options }).send(toRequest()),
      ).rejects.toThrow(/The ledger does not match the chain/)
      const report = await victim.reconcile({ rpc, ...options })
      expect(textOf(report, 'ledger.incomplete')).toMatch(
        /The count was ignored/,
      )
      expect(await nonces()).toHaveLength(1)
      const { transactionId, nonce } = await victim
        .newSender()
        .send(toRequest())
      expect(nonce).toBe(1)
      await victim.reconcile()
      expect(await victim.get(transactionId)).toMatchObject({ status: 'mined' })
    },
  )

  test('at the beginning: the ledger does not begin', async () => {
    const rpc = counting(huge)
    await expect(victim.newSender({ rpc }).send(toRequest())).rejects.toThrow(
      /NEW_LEDGER=1000000000000000/,
    )
    await victim.reconcile({ rpc })
    expect(await victim.send()).toMatchObject({ status: 'sent', nonce: 0 })
  })

  test('at the beginning, where any beginning is right: repair lowers it', async () => {
    const rpc = counting(huge)
    await victim
      .newSender({ rpc, newLedger: 'any' })
      .send(toRequest())
      .catch(() => undefined)
    await expect(
      victim.newSender({ newLedger: 'any' }).send(toRequest()),
    ).rejects.toThrow(/would never be mined/)
    await victim.newReconciler().repair()
    const sent = await victim.newSender().send(toRequest())
    expect(sent).toMatchObject({ status: 'sent', nonce: 0 })
  })

  test('of the pool: it is not where the ledger begins', async () => {
    const rpc = counting(huge, 'pending')
    await expect(victim.newSender({ rpc }).send(toRequest())).rejects.toThrow(
      /the node's pool has \d+ transactions from \S+ that are not in the table/,
    )
    expect(await victim.send()).toMatchObject({ status: 'sent', nonce: 0 })
  })
})

describe('use by others that there is not', () => {
  test("shown by another key's signature: nothing is dropped", async () => {
    await home.anvil.call('evm_setAutomine', [false])
    const { transactionId, hash } = await victim.send()
    const other = await openVictim(home)
    const forged = await other.signElsewhere(0)
    await home.anvil.call('eth_sendRawTransaction', [forged.raw])
    const shown = await home.anvil.call('eth_getTransactionByHash', [
      forged.hash,
    ])
    const rpc = lying({
      eth_getTransactionCount: () => '0x1',
      eth_getBlockByNumber: ([block, full]) =>
        full === true
          ? {
              number: block,
              transactions: [{ ...(shown as object), from: victim.address }],
            }
          : undefined,
    })
    for (let round = 0; round < 3; round++) {
      const report = await victim.reconcile({ rpc, suspectMs: 0 })
      expect(report.counts).toMatchObject({ dropped: 0, external: 0 })
    }
    expect(await victim.get(transactionId)).toMatchObject({
      final: false,
      hash,
    })
    await home.anvil.call('anvil_mine', ['0x1'])
    await victim.reconcile()
    expect(await victim.get(transactionId)).toMatchObject({ status: 'mined' })
  })

  test('of a nonce that is bound: its request waits, and is paid once', async () => {
    await victim.send()
    const { id, nonce } = await victim.reserve()
    const rpc = counting(`0x${(nonce + 1).toString(16)}`)
    const signed = home.signs()
    for (let round = 0; round < 3; round++)
      await victim.reconcile({ rpc, suspectMs: 60_000 })
    expect(home.signs()).toBe(signed)
    await victim.reconcile()
    await victim.reconcile()
    expect(await victim.get(id)).toMatchObject({ status: 'mined' })
    expect(await victim.count()).toBe(2)
  })
})

describe('use by others that there is', () => {
  async function useElsewhere(count: number) {
    const from = await victim.count()
    for (let nonce = from; nonce < from + count; nonce++) {
      const { raw, hash } = await victim.signElsewhere(nonce)
      await home.anvil.call('eth_sendRawTransaction', [raw])
      await home.anvil.receipt(hash)
    }
  }

  test('once is a notice, and no more', async () => {
    await victim.send()
    await useElsewhere(1)
    const sent = await victim.newSender().send(toRequest())
    expect(sent).toMatchObject({ status: 'sent', nonce: 2 })
    await victim.reconcile()
    const report = await victim.reconcile()
    expect(report.counts.external).toBe(1)
  })

  test('four times at once stops it, until all are final and written down', async () => {
    await victim.send()
    await useElsewhere(4)
    const send = () => victim.newSender().send(toRequest())
    await expect(send()).rejects.toThrow(/MAX_FOREIGN allows 3/)
    const first = await victim.reconcile()
    expect(textOf(first, 'ledger.incomplete')).toMatch(/MAX_FOREIGN allows 3/)
    await expect(send()).rejects.toThrow(/The ledger does not match the chain/)
    for (let round = 0; round < 4; round++) await victim.reconcile()
    expect(await send()).toMatchObject({ status: 'sent', nonce: 5 })
  })

  test.each<[string, bigint | 'any', RegExp | undefined]>([
    ['the right count', 2n, undefined],
    ['any', 'any', undefined],
    ['another count', 1n, /NEW_LEDGER is 1, and 2 transactions are final/],
  ])(
    'before there was a ledger: NEW_LEDGER of %s',
    async (_, newLedger, refusal) => {
      await useElsewhere(2)
      await expect(victim.send()).rejects.toThrow(/NEW_LEDGER=2/)
      const sending = victim.newSender({ newLedger }).send(toRequest())
      if (refusal === undefined)
        expect(await sending).toMatchObject({ status: 'sent', nonce: 2 })
      else await expect(sending).rejects.toThrow(refusal)
    },
  )
})
