import { Readable, Writable } from 'node:stream'
import type { Event } from '@keyward/toolkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openTerminal } from './openTerminal.js'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A terminal of 40 columns, or a pipe, and its output. */
function open(isTTY: boolean) {
  let sent = ''
  const stream = () =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          sent += chunk
          done()
        },
      }),
      { isTTY, columns: 40 },
    )
  const [stdout, stderr] = [stream(), stream()]
  const stdin = Readable.from([])
  const terminal = openTerminal({ stdin, stdout, stderr, env: {} })
  return {
    terminal,
    take() {
      const text = sent
      sent = ''
      return text.replaceAll('\r\u001b[K', '<clear>')
    },
  }
}

const making = (id: string, done: number): Event => ({
  kind: 'progress',
  ...{ line: `  CREATE ${id}`, text: `creating ${id}`, done, total: 12 },
})

test('a terminal has one line that counts, and makes room for others', () => {
  const { terminal, take } = open(true)
  terminal.notify(making('Key', 3))
  expect(take()).toBe('<clear>   0 s  3 of 12  creating Key')
  vi.advanceTimersByTime(1000)
  expect(take()).toBe('<clear>   1 s  3 of 12  creating Key')
  terminal.notify({ kind: 'failure', text: 'Role failed: why' })
  expect(take()).toBe('<clear>\u001b[31mRole failed: why\u001b[39m\n')
  terminal.notify(making(`a-name-that-is-far-too-long\u001b[2J`, 4))
  expect(take()).toBe('<clear>   1 s  4 of 12  creating a-name-that-i')
  terminal.notify({ kind: 'progressEnd' })
  expect(take()).toBe('<clear>')
  vi.advanceTimersByTime(5000)
  terminal.stdout.write('done\n')
  expect(take()).toBe('done\n')
})

test('a pipe, and a terminal with --verbose, have each as a line', () => {
  const pipe = open(false)
  const verbose = open(true)
  verbose.terminal.unfold()
  for (const { terminal, take } of [pipe, verbose]) {
    terminal.notify(making('Key', 3))
    terminal.notify({ kind: 'progress', text: 'waiting for a block' })
    terminal.notify(making('Role', 4))
    terminal.notify({ kind: 'progressEnd' })
    vi.advanceTimersByTime(5000)
    expect(take()).toBe('  CREATE Key\n  CREATE Role\n')
  }
})
