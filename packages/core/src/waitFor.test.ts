import { expect, test, vi } from 'vitest'
import { SigningTimeoutError, waitFor } from './waitFor.js'

const never = new Promise<never>(() => {})

test('without a deadline it just returns the work', () => {
  const work = Promise.resolve(1)
  expect(waitFor(work, 'it', {})).toBe(work)
  expect(waitFor(work, 'it', { deadline: Number.POSITIVE_INFINITY })).toBe(work)
})

test('a passed deadline ends it, but not a result in time', async () => {
  const deadline = Date.now() - 1000
  await expect(waitFor(never, 'the policy', { deadline })).rejects.toThrow(
    new SigningTimeoutError('the policy'),
  )
  const later = { deadline: Date.now() + 60_000 }
  expect(await waitFor(Promise.resolve(1), 'it', later)).toBe(1)
  await expect(
    waitFor(Promise.reject(new Error('down')), 'it', later),
  ).rejects.toThrow('down')
})

test('waits until the deadline, within what timers support', async () => {
  vi.useFakeTimers({ now: 0 })
  try {
    const seen: string[] = []
    const note = (name: string, deadline: number) => {
      const { signal } = new AbortController()
      waitFor(never, name, { deadline, signal }).catch(() => seen.push(name))
    }
    note('soon', 1000)
    note('far', 2 ** 40)
    await vi.advanceTimersByTimeAsync(999)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(seen).toEqual(['soon'])
    // A timer of more than 2^31 - 1 ms would end at once.
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(2 ** 31 - 1001)
    expect(seen).toEqual(['soon', 'far'])
    const until = (ms: number) => ({ deadline: Date.now() + ms })
    expect(waitFor(never, 'it', until(2 ** 31))).toBe(never)
    expect(vi.getTimerCount()).toBe(0)
    expect(waitFor(never, 'it', until(2 ** 31 - 1))).not.toBe(never)
  } finally {
    vi.useRealTimers()
  }
})

test('an abort ends it with its reason, before and during the wait', async () => {
  const reason = new Error('gone')
  await expect(
    waitFor(never, 'it', { signal: AbortSignal.abort(reason) }),
  ).rejects.toBe(reason)
  const controller = new AbortController()
  const waiting = waitFor(never, 'it', { signal: controller.signal })
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

test('leaves no timer and no listener behind', async () => {
  vi.useFakeTimers()
  try {
    const { signal } = new AbortController()
    const remove = vi.spyOn(signal, 'removeEventListener')
    const add = vi.spyOn(signal, 'addEventListener')
    const options = { deadline: Date.now() + 1000, signal }
    expect(await waitFor(Promise.resolve(1), 'it', options)).toBe(1)
    await Promise.resolve()
    expect(vi.getTimerCount()).toBe(0)
    expect(remove.mock.calls).toEqual(add.mock.calls)
  } finally {
    vi.useRealTimers()
  }
})
