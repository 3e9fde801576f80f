import { randomUUID } from 'node:crypto'
import { type Hex, SigningKey, Transaction } from '@keyward/core'
import {
  createGuard,
  type Guard,
  type Known,
  parsePolicy,
} from '@keyward/guard'
import type { Windows } from '@keyward/guard/windows'
import { createWindows } from '@keyward/guard/windows/memory'
import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryKey } from '../support/memoryKeyService.js'
import { openSenderParts, type SenderParts } from '../support/senderParts.js'

// Sender, reconciler, gate and windows as they work together, on one clock: what
// the ledger knows to be signed is what the windows count.

const hourMs = 3_600_000
const policy = parsePolicy(
  JSON.stringify({
    version: 1,
    windows: {
      day: {
        ...{ asset: 'native', chain: 31337, length: 'day' },
        limit: `${10n ** 17n}`,
      },
      calls: { asset: 'requests', length: 'day', limit: '50' },
    },
    rules: [
      {
        ...{ id: 'pay', chains: [31337], payment: {} },
        windows: ['day', 'calls'],
      },
    ],
  }),
)

let parts: SenderParts
let windows: Windows
let guard: Guard
let key: SigningKey.LazySigningKey
/** What the key service answers while it is down. */
let outage: Error | undefined

beforeEach(async () => {
  parts = await openSenderParts()
  const { runtime } = parts
  // Its uuids differ in the last digits alone, which no token has.
  windows = createWindows({ ...runtime, uuid: randomUUID })
  guard = createGuard({ policy, windows, version: '1', now: runtime.now })
  const { service } = createMemoryKey({ d: 1n })
  outage = undefined
  key = await SigningKey.connect({
    keyId: 'test-1',
    service: {
      ...service,
      async signDigest(...all) {
        if (outage !== undefined) throw outage
        return service.signDigest(...all)
      },
    },
    async authorize(request, context) {
      const { denial } = await guard.authorize(request, context)
      if (denial !== undefined) throw new SigningKey.NotAuthorizedError(denial)
    },
  })
})

const options = () => ({
  key,
  guard: {
    preview: async () => {},
    release: guard.release,
    compare: guard.compare,
  },
})
const send = (name: string) =>
  parts.newSender(options()).send(parts.request(name))
/** As the function does it, which tidies the windows up beside it. */
async function reconcile() {
  await parts.node.mine()
  await guard.recover()
  return parts.newReconciler(options()).run()
}
const types = ({ notices }: { notices: { type: string }[] }) =>
  notices.map(({ type }) => type)

describe('the reconciler', () => {
  beforeEach(async () => {
    await send('first')
    await reconcile()
    parts.pass(hourMs)
  })

  test('finds nothing amiss while everything is counted, also when it falls out of the window', async () => {
    for (let hour = 0; hour < 60; hour++) {
      await send(`at-${hour}`)
      expect(types(await reconcile())).toEqual([])
      parts.pass(hourMs / 2)
    }
    expect(await windows.readHalt()).toBeUndefined()
  })

  test('halts where the windows have forgotten what the ledger knows', async () => {
    await send('second')
    parts.pass(60_000)
    const empty = createWindows(parts.runtime)
    await empty.noteVersion({ of: 'x', version: '1' })
    const told: Known[][] = []
    const { compare } = createGuard({
      ...{ policy, windows: empty, version: '1', now: parts.runtime.now },
    })
    // As if it had been in force for an hour.
    empty.noteVersion = async () => parts.runtime.now() - hourMs
    guard = {
      ...guard,
      compare: (account, read, settings) =>
        compare(
          account,
          async () => {
            told.push([...(await read())])
            return told.at(-1) ?? []
          },
          settings,
        ),
    }
    const report = await reconcile()
    expect(types(report)).toEqual(['guard.halted'])
    expect(report.notices[0]?.text).toContain('(day, calls)')
    // The first is older than the policy.
    expect(told[0]).toHaveLength(2)
    expect(await empty.readHalt()).toMatchObject({
      reason: expect.stringContaining(
        'the counter of the window "day" is 0, but',
      ),
    })
    await empty.unhalt('the test')
  })

  test('does not halt again for what an administrator has accepted', async () => {
    const address = key.address as Hex
    const account = { chainId: 31337, address }
    const compare = (nonces: bigint[]) =>
      guard.compare(account, async () =>
        nonces.map((nonce) => ({
          ...toSigned(address, { nonce }),
          at: parts.runtime.now() - 40_000,
        })),
      )
    // Of the one that was signed before, the windows count more.
    expect(await compare([7n])).toEqual([])
    expect(await compare([7n, 8n])).toEqual(['calls'])
    await expect(send('second')).resolves.toMatchObject({ status: 'reserved' })
    await guard.unhalt('the test')
    expect(await compare([7n, 8n])).toEqual([])
    expect(await windows.readHalt()).toBeUndefined()
    expect(types(await reconcile())).toEqual([])
  })
})

describe('what a cancel has freed', () => {
  const readSpent = async () => {
    const day = policy.windows.get('day')!
    const [read] = await windows.read([{ window: day, scope: {} }])
    return read!.spent
  }
  /** Sends, cancels and reconciles; a release fails so often, or its run ends. */
  async function cancel(failures: number) {
    let left = failures
    let calls = 0
    const release: Guard['release'] = async (...all) => {
      calls++
      if (left-- > 0) throw new Error('the table is down')
      await guard.release(...all)
    }
    const failing = () => ({
      ...options(),
      guard: { ...options().guard, release },
    })
    const request = parts.request('first', { value: 10n ** 15n })
    await parts.newSender(options()).send(request)
    const before = await readSpent()
    await parts.newSender(options()).cancel({ idempotencyKey: 'first' })
    await parts.node.mine()
    const reports = []
    // A process each time, as after a deployment.
    for (let run = 0; run < 6; run++) {
      reports.push(await parts.newReconciler(failing()).run())
      parts.pass(60_000)
    }
    const { status, final } = await parts
      .newSender(options())
      .get({ idempotencyKey: 'first' })
    expect({ status, final }).toEqual({ status: 'replaced', final: true })
    return { before, after: await readSpent(), reports, calls }
  }

  test('is given back once, where nothing fails', async () => {
    const { before, after, calls } = await cancel(0)
    expect(after).toBeLessThan(before)
    expect(calls).toBe(1)
  })

  test('is given back by a later run, where that failed', async () => {
    const { before, after, reports, calls } = await cancel(3)
    expect(after).toBeLessThan(before)
    expect(calls).toBe(4)
    expect(reports.map((report) => types(report))).toEqual([
      ...Array(3).fill(['step.failed']),
      ...Array(3).fill([]),
    ])
    expect(reports.at(-1)?.finalBelow).toBe(reports.at(-1)?.next)
  })

  test('keeps no nonce open for longer than an hour', async () => {
    const { before, after, reports } = await cancel(100)
    expect(after).toBe(before)
    expect(reports.at(-1)?.finalBelow).not.toBe(reports.at(-1)?.next)
    parts.pass(hourMs)
    const { finalBelow, next } = await reconcile()
    expect(finalBelow).toBe(next)
  })
})

test('compares also where another stack with another policy shares the table', async () => {
  const address = key.address as Hex
  const newGuard = (version: string) =>
    createGuard({ ...{ policy, windows, version, now: parts.runtime.now } })
  const signed: Known[] = []
  const compare = (version: string, chainId: number) =>
    newGuard(version).compare({ chainId, address }, async () => signed)
  for (let minute = 0; minute < 30; minute++) {
    expect(await compare('ours', 31337)).toEqual([])
    expect(await compare('of the other', 1)).toEqual([])
    parts.pass(60_000)
  }
  signed.push(toSigned(address, { nonce: 7n }))
  parts.pass(60_000)
  expect(await compare('of the other', 1)).toEqual(['day', 'calls'])
  expect(await compare('ours', 31337)).toEqual(['day', 'calls'])
  await windows.unhalt('the test')
  expect(await compare('ours', 31337)).toEqual([])
})

describe('the reconciler does not halt', () => {
  test('for what was counted long before the key service signed it', async () => {
    await send('first')
    await reconcile()
    parts.pass(hourMs)
    outage = new Error('KMS is down')
    expect(await send('second')).toMatchObject({ hash: undefined })
    parts.pass(12 * hourMs)
    outage = undefined
    expect((await reconcile()).counts.advanced).toBe(1)
    // A day and a bucket after it was counted.
    for (let hour = 0; hour < 30; hour++) {
      parts.pass(hourMs)
      expect(types(await reconcile())).toEqual([])
    }
    expect(await windows.readHalt()).toBeUndefined()
  })
  test('for what was counted before the policy changed, and is bumped since', async () => {
    const address = key.address as Hex
    const account = { chainId: 31337, address }
    const sign = async (gasPrice: bigint): Promise<Known> => {
      const signed = toSigned(address, { nonce: 7n, gasPrice })
      await key.sign(signed.request, { context: { purpose: 'bump' } })
      return signed
    }
    await guard.compare(account, async () => [])
    parts.pass(hourMs)
    const known = [await sign(1n)]
    parts.pass(hourMs)
    const next = createGuard({
      ...{ policy, windows, version: '2', now: parts.runtime.now },
    })
    await next.compare(account, async () => known)
    parts.pass(hourMs)
    known.push(await sign(2n))
    for (let hour = 0; hour < 30; hour++) {
      parts.pass(hourMs)
      await next.recover()
      expect(await next.compare(account, async () => known)).toEqual([])
    }
  })

  test('for the same payment that another caller had signed at a higher fee', async () => {
    const apart = parsePolicy(
      JSON.stringify({
        version: 1,
        windows: {
          each: {
            ...{ asset: 'native', chain: 31337, length: 'day' },
            ...{ per: ['caller'], limit: `${10n ** 17n}` },
          },
        },
        rules: [{ id: 'pay', chains: [31337], payment: {}, windows: ['each'] }],
      }),
    )
    guard = createGuard({
      ...{ policy: apart, windows, version: '1', now: parts.runtime.now },
    })
    await send('first')
    await reconcile()
    parts.pass(hourMs)
    await send('second')
    const { transactions } = await parts.newSender(options()).list()
    const [{ to, value } = {}] = transactions
    const { raw } = await Transaction.sign(
      key,
      {
        ...{ chainId: 31337, nonce: 1n, gas: 21_000n, data: '0x' },
        ...{ to: to as Hex, value: value ?? 0n, type: 'legacy' },
        gasPrice: 10n ** 9n,
      },
      { context: { caller: 'another' } },
    )
    parts.node.evict()
    await parts.node.mine(raw)
    const seen: string[] = []
    for (let minute = 0; minute < 20; minute++) {
      parts.pass(60_000)
      seen.push(...types(await reconcile()))
    }
    // It is taken for the request's.
    expect(seen).toEqual(['ledger.damaged'])
    expect(await windows.readHalt()).toBeUndefined()
  })

  test('for what another rule allowed, whose hours ended before it was signed', async () => {
    const address = key.address as Hex
    const account = { chainId: 31337, address }
    const byHours = parsePolicy(
      JSON.stringify({
        version: 1,
        windows: {
          work: { asset: 'requests', length: 'day', limit: '50' },
          night: { asset: 'requests', length: 'day', limit: '5' },
        },
        rules: [
          {
            ...{ id: 'work', chains: [31337], payment: {}, windows: ['work'] },
            hours: [{ from: '08:00', to: '17:00' }],
          },
          { id: 'night', chains: [31337], payment: {}, windows: ['night'] },
        ],
      }),
    )
    guard = createGuard({
      ...{ policy: byHours, windows, version: '1', now: parts.runtime.now },
    })
    await guard.compare(account, async () => [])
    parts.pass(17 * hourMs - 2000 - (parts.runtime.now() % (24 * hourMs)))
    const { request, caller } = toSigned(address, { nonce: 7n })
    await key.sign(request, { context: { caller } })
    parts.pass(4000)
    const known = [{ request, caller, at: parts.runtime.now() }]
    parts.pass(60_000)
    expect(await guard.compare(account, async () => known)).toEqual([])
  })
})

function toSigned(
  to: Hex,
  fields: { nonce: bigint; gasPrice?: bigint },
): Known {
  return {
    request: {
      kind: 'transaction',
      transaction: {
        ...{ chainId: 31337, gas: 21_000n, gasPrice: 1n },
        ...{ to, value: 5n, data: '0x', type: 'legacy', ...fields },
      },
    },
    ...{ caller: 'x', at: parts.runtime.now() },
  }
}
