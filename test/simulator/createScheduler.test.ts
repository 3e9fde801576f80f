import { describe, expect, test } from 'vitest'
import { createScheduler, epoch } from './createScheduler.js'
import { createRandom } from './random.js'

const open = (seed = 1) => {
  const scheduler = createScheduler(createRandom(seed))
  const log: string[] = []
  const say = (text: string) => log.push(`${scheduler.now} ${text}`)
  return { scheduler, log, say }
}

test('the same seed gives the same numbers, another one others', () => {
  const draw = (seed: number) => {
    const random = createRandom(seed)
    return [random.hex(12), random.between(3, 8), random.fork().hex(4)]
  }
  expect(draw(7)).toEqual(draw(7))
  expect(draw(8)).not.toEqual(draw(7))
})

test('numbers are spread evenly', () => {
  const random = createRandom(3)
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < 40_000; i++) {
    const at = random.below(4)
    counts[at] = (counts[at] ?? 0) + 1
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
})

test('events run by time, then in the order they were made', async () => {
  const { scheduler, log, say } = open()
  for (const [ms, name] of [
    [5, 'c'],
    [1, 'a'],
    [5, 'd'],
    [3, 'b'],
  ] as const)
    scheduler.after(ms, () => say(name))
  await scheduler.run()
  expect(log).toEqual(['1 a', '3 b', '5 c', '5 d'])
})

describe('a process', () => {
  test('sleeps in virtual time, and by its own clock', async () => {
    const { scheduler, say, log } = open()
    const process = scheduler.createProcess('a')
    process.stepClock(-500)
    process.start(async () => {
      await process.runtime.sleep(1000)
      say(String(process.runtime.now() - epoch))
    })
    await scheduler.run()
    expect(log).toEqual(['1000 500'])
  })

  test('hears no answer once it is killed, but what it sent is done', async () => {
    const { scheduler, say, log } = open()
    const process = scheduler.createProcess('a')
    process.start(async () => {
      await process.call(10, () => say('written'), 10)
      say('answered')
    })
    scheduler.after(5, process.kill)
    await scheduler.run()
    expect(log).toEqual(['10 written'])
  })

  test('calls nobody once it is killed', async () => {
    const { scheduler, say, log } = open()
    const process = scheduler.createProcess('a')
    process.start(() => {
      process.kill()
      void process.call(1, () => say('written'), 1)
    })
    await scheduler.run()
    expect(log).toEqual([])
  })

  test('hears all in order when it wakes', async () => {
    const { scheduler, say, log } = open()
    const process = scheduler.createProcess('a')
    const other = scheduler.createProcess('b')
    process.start(() => {
      void process.wait(30).then(() => say('late'))
      void process.wait(20).then(() => say('early'))
      void other.wait(25).then(() => say('other'))
    })
    scheduler.after(10, () => process.freeze(90))
    await scheduler.run()
    expect(log).toEqual(['25 other', '100 early', '100 late'])
  })

  test('an aborted sleep rejects at once', async () => {
    const { scheduler, say, log } = open()
    const { runtime, start } = scheduler.createProcess('a')
    const timer = new AbortController()
    start(() => {
      runtime.sleep(1000, timer.signal).catch(() => say('aborted'))
    })
    scheduler.after(10, () => timer.abort())
    await scheduler.run()
    expect(log).toEqual(['10 aborted'])
  })

  test('an error elsewhere is thrown here', async () => {
    const { scheduler, say, log } = open()
    const process = scheduler.createProcess('a')
    process.start(async () => {
      const fail = () => {
        throw new Error('refused')
      }
      await process.call(1, fail, 2).catch((error) => say(error.message))
      await process.call(1, async () => fail(), 2).catch(() => say('again'))
    })
    await scheduler.run()
    expect(log).toEqual(['3 refused', '6 again'])
  })
})
