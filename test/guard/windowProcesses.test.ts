import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Known } from '../../packages/guard/src/windows/Windows.js'
import { soak } from '../support/tools.js'
import { findExcess, type Spent } from '../support/windows/findExcess.js'
import { windows as kinds } from '../support/windows/kinds.js'
import {
  type GuardTable,
  openGuardTable,
} from '../support/windows/openGuardTable.js'
import {
  bundleWindowWorker,
  startWindowWorker,
} from '../support/windows/startWindowWorker.js'

// Processes that are killed and put to sleep, on a table whose time goes on by
// half a second with each call. What was handed out is added up here, from
// nothing but what the processes say they handed out and when the table heard
// of it.

const rounds = Number(process.env.ROUNDS ?? (soak ? 1000 : 50))
const callers = 64
const stepMs = 500

let now = 1_800_000_000_000
let calls = 0
let table: GuardTable
let file: string
const children = new Set<ChildProcess>()
beforeAll(async () => {
  table = await openGuardTable(() => {
    calls++
    now += stepMs
    return now
  })
  file = await bundleWindowWorker()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await table.close()
  rmSync(dirname(file), { recursive: true })
})

type Handed = {
  id: string
  reserved: { at: number; token: string }[]
  charges: { window: string; scope: object; amount: string }[]
}

test(`${rounds} rounds of ${callers} callers`, {
  timeout: 3_600_000,
}, async () => {
  const handed: Handed[] = []
  const tally: Record<string, number> = {}
  let requests = 0
  const hear = (message: Record<string, unknown>) => {
    if (message.handed !== undefined) handed.push(message.handed as Handed)
    if (typeof message.done !== 'string') return
    requests++
    tally[message.done] = (tally[message.done] ?? 0) + 1
  }
  let started = 0
  const start = async () => {
    const name = `p${started}`
    const share = [21, 21, 22][started++ % 3]!
    const settings = { options: table.options, name, callers: share }
    children.add(await startWindowWorker(file, settings, hear))
  }
  const kill = async (child: ChildProcess) => {
    children.delete(child)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  /** Until the others have made so many calls. */
  const pass = async (count: number) => {
    for (const from = calls; calls < from + count; ) await sleep(10)
  }

  const reconciler = table.newWindows()
  /** What was handed out so far, as the reconciler knows it. */
  const readKnown = async (): Promise<Known[]> =>
    handed.flatMap(({ reserved, charges }) =>
      charges.map(({ window, scope, amount }) => ({
        window: kinds[window]!,
        ...{ scope, amount: BigInt(amount) },
        at: Math.min(...reserved.map(({ at }) => at)),
      })),
    )
  await Promise.all([start(), start(), start()])
  for (let step = 0; requests < rounds * callers; step++) {
    await pass(1000)
    const [first, second] = [...children]
    if (step % 3 === 1) {
      await kill(first!)
      await start()
    }
    if (step % 3 === 2) {
      // Past the deadlines of what it has reserved.
      second!.kill('SIGSTOP')
      await pass(2500)
      await reconciler.recover()
      second!.kill('SIGCONT')
    }
    await reconciler.recover()
    expect(await reconciler.compare(readKnown)).toEqual([])
  }
  await Promise.all([...children].map(kill))

  // Nothing stays reserved.
  await table.drain()
  now += 20 * 60_000
  await reconciler.recover()
  const { Items } = await table.call('Scan', { ConsistentRead: true })
  const items = Items as Record<string, { S: string; M: object }>[]
  const left = items.filter(({ pk }) => pk!.S === 'windows')
  expect(left.length).toBe(7)
  for (const { open } of left) expect(open!.M).toEqual({})

  // No interval has more than its limit.
  const spent = new Map<string, Spent[]>()
  for (const { reserved, charges } of handed) {
    const times = reserved.map(({ token }) => table.writtenAt.get(token)!)
    for (const { window, scope, amount } of charges) {
      const key = JSON.stringify({ window, scope })
      const one = { at: Math.min(...times), amount: BigInt(amount) }
      spent.set(key, [...(spent.get(key) ?? []), one])
    }
  }
  for (const [key, all] of spent) {
    const excess = findExcess(kinds[JSON.parse(key).window]!, all)
    expect({ key, excess }).toEqual({ key, excess: undefined })
  }
  expect(spent.size).toBe(9)
  expect(new Set(handed.map(({ id }) => id)).size).toBe(handed.length)
  for (const code of ['allowed', 'window-exceeded'])
    expect(tally[code]).toBeGreaterThan(requests / 20)
  console.log({ requests, handed: handed.length, started, calls, ...tally })
})
