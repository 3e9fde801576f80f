import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Known } from '../../packages/guard/src/windows/Windows.js'
import { soak } from '../support/tools.js'
import { findExcess, type Spent } from '../support/windows/findExcess.js'
import { windows as kinds } from '../support/windows/kinds.js'
import { openGuardTable } from '../support/windows/openGuardTable.js'
import { openMemoryTable } from '../support/windows/openMemoryTable.js'
import {
  bundleWindowWorker,
  startWindowWorker,
} from '../support/windows/startWindowWorker.js'

// Processes that are killed and put to sleep, on a table whose time goes on by
// half a second with each call. What was handed out is added up here, from
// nothing but what the processes say they handed out and when the table heard
// of it.

// Each round is a request of each caller. DynamoDB's in the home takes 3 ms a
// call, so that most of a short run is on a table in memory.
const tables = [
  { where: 'in memory', rounds: soak ? 1000 : 3 },
  { where: 'on DynamoDB', rounds: soak ? 1000 : 1 },
]
const callers = 64
const stepMs = 500

let now: number
let calls: number
const tick = () => {
  calls++
  now += stepMs
  return now
}
let file: string
const closers: (() => Promise<void>)[] = []
const children = new Set<ChildProcess>()
beforeAll(async () => {
  file = await bundleWindowWorker()
})
afterAll(() => rmSync(dirname(file), { recursive: true }))
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  for (const close of closers.splice(0)) await close()
})

type Heard = {
  call?: Parameters<ReturnType<typeof openMemoryTable>['answer']>[0]
  handed?: Handed
  done?: string
}

type Handed = {
  id: string
  reserved: { at: number; token: string }[]
  charges: { window: string; scope: object; amount: string }[]
}

test.each(tables)(
  `$rounds rounds of ${callers} callers $where`,
  {
    timeout: 7_200_000,
  },
  async ({ where, rounds }) => {
    now = 1_800_000_000_000
    calls = 0
    const memory = openMemoryTable(tick)
    const table = where === 'in memory' ? memory : await openGuardTable(tick)
    closers.push(() => table.close())
    const handed: Handed[] = []
    const tally: Record<string, number> = {}
    let requests = 0
    const hear = (message: Heard, child: ChildProcess) => {
      if (message.call !== undefined) void memory.answer(message.call, child)
      if (message.handed !== undefined) handed.push(message.handed)
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
    /** Until so many calls were made. */
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
    let asleep: { child: ChildProcess; until: number } | undefined
    for (let step = 0; requests < rounds * callers; step++) {
      await pass(300)
      if (asleep !== undefined && calls > asleep.until) {
        asleep.child.kill('SIGCONT')
        asleep = undefined
      }
      const awake = [...children].filter((child) => child !== asleep?.child)
      if (asleep === undefined && step % 2 === 1) {
        // Past the deadlines of what it has reserved.
        asleep = { child: awake.at(-1)!, until: calls + 2000 }
        asleep.child.kill('SIGSTOP')
      } else {
        await kill(awake[0]!)
        await start()
      }
      await reconciler.recover()
      expect(await reconciler.compare(readKnown)).toEqual([])
    }
    await Promise.all([...children].map(kill))

    // Nothing stays reserved.
    await table.drain()
    now += 20 * 60_000
    await reconciler.recover()
    const open = await table.readOpen()
    expect(open).toEqual(Array(7).fill({}))

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
    console.log({
      where,
      requests,
      handed: handed.length,
      started,
      calls,
      ...tally,
    })
  },
)
