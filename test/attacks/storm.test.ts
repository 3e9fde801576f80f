import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Rpc, SendRequest } from '../../packages/sender/src/index.js'
import { createRandom } from '../simulator/random.js'
import {
  openSenderHome,
  type SenderHome,
  toRequest,
} from '../support/openSenderHome.js'
import { openVictim } from '../support/openVictim.js'
import { soak } from '../support/tools.js'

// A backup that is restored while KMS fails now and then, and two processes
// repeat everything while it is repaired; half of the nodes keep no history. What
// runs at once differs from run to run: the seed only says who does what.

let home: SenderHome
beforeAll(async () => {
  home = await openSenderHome()
})
afterAll(() => home.close())

const mine = () => home.anvil.call('anvil_mine', ['0x1'])
// biome-ignore lint/suspicious/noExplicitAny: an answer, or why there is none
const settle = (work: Promise<unknown>): Promise<any> =>
  work.catch((error) => error)
type Request = SendRequest.SendRequest
type Process = { send(request: Request): unknown; run(): Promise<unknown> }

/** Until `remember`, counts of old blocks are gone. */
function createForgetful() {
  let forgets = true
  const rpc: Rpc = {
    ...home.rpc,
    async request(method, params = [], options) {
      const tag = String(params[1])
      if (forgets && method.endsWith('TransactionCount') && /^0x/.test(tag)) {
        const newest = await home.rpc.request('eth_blockNumber')
        if (Number(tag) < Number(newest) - 1) throw new Error('no such state')
      }
      return home.rpc.request(method, params, options)
    },
  }
  const remember = () => {
    forgets = false
  }
  return { rpc, remember }
}

test.each(Array.from({ length: soak ? 60 : 1 }, (_, seed) => seed))(
  'nothing is paid twice, or told otherwise than it is (%d)',
  async (seed) => {
    const random = createRandom(seed)
    await home.anvil.call('evm_setAutomine', [false])
    const victim = await openVictim(home)
    const payments = Array.from({ length: 10 }, () => {
      const to = `0x${randomBytes(20).toString('hex')}`
      return { to, request: toRequest({ dst_address: to, value_wei: '12345' }) }
    })
    const act = async ({ send, run }: Process, times: number) => {
      for (let time = 0; time < times; time++) {
        const { request } = random.pick(payments)
        const dice = random.below(100)
        if (dice < 60) await settle(Promise.resolve(send(request)))
        else if (dice < 76) await settle(run())
        else if (dice < 86) await mine()
        else home.home.setFaults({ kmsErrorRate: random.below(2) / 2 })
      }
      home.home.setFaults({ kmsErrorRate: 0 })
    }
    const open = (tableName: string, rpc = home.rpc) => {
      const ledger = victim.newLedger(tableName)
      const sender = victim.newSender({ ledger, rpc })
      const reconciler = victim.newReconciler({ ledger, rpc })
      const deadline = () => ({ deadline: Date.now() + 1500 })
      return {
        send: (request: Request) => settle(sender.send(request, deadline())),
        cancel: ({ idempotencyKey }: Request) =>
          settle(sender.cancel({ idempotencyKey }, deadline())),
        get: ({ idempotencyKey }: Request) =>
          settle(sender.get({ idempotencyKey })),
        run: () => reconciler.run(),
        async repair() {
          for (let time = 0; time < 4; time++) {
            const { complete } = await settle(reconciler.repair())
            if (complete) return
            await mine()
          }
        },
      }
    }

    const before = open(home.tableName)
    await victim.send()
    await act(before, 8)
    const copy = await victim.enemy.copyTo(`storm-${seed}`)
    const canceller = { ...before, send: before.cancel }
    await Promise.all([act(before, 8), act(canceller, random.below(3))])
    if (random.chance(0.5)) await mine()

    const { rpc, remember } = createForgetful()
    if (random.chance(0.5)) remember()
    const [one, two] = [open(copy, rpc), open(copy, rpc)]
    await Promise.all([act(one, 8), act(two, 8), one.repair()])
    await one.repair()
    await Promise.all([act(one, 10), act(two, 10)])
    remember()
    await one.repair()
    for (let time = 0; time < 10; time++) {
      await mine()
      await settle(two.run())
    }
    for (const { to, request } of payments) {
      const paid = await home.anvil.balance(to)
      const { status, final } = await one.get(request)
      const of = `${status} ${to}`
      expect([of, [0n, 12345n].includes(paid)]).toEqual([of, true])
      if (final && status === 'mined') expect([of, paid]).toEqual([of, 12345n])
      if (final && ['replaced', 'dropped', 'expired'].includes(status))
        expect([of, paid]).toEqual([of, 0n])
    }
  },
  60_000,
)
