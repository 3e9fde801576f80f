import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { createWatchdog } from './Watchdog.js'

/** Leads its own group, notices nothing, and ends only by a signal. */
function spawnDeaf() {
  const script = "trap '' TERM INT HUP; while :; do sleep 1; done"
  const options = { detached: true, stdio: 'ignore' } as const
  const child = spawn('/bin/sh', ['-c', script], options)
  const ended = new Promise((resolve) =>
    child.once('exit', (_, signal) => resolve(signal)),
  )
  return { child, pid: child.pid as number, ended }
}

test('what is watched is killed when the input ends, and what is forgotten is not', async () => {
  const [one, other, kept] = [spawnDeaf(), spawnDeaf(), spawnDeaf()]
  const watchdog = createWatchdog()
  for (const { pid } of [one, other, kept]) watchdog.watch(pid)
  watchdog.forget(kept.pid)
  await watchdog.close()
  expect(await Promise.all([one.ended, other.ended])).toEqual([
    'SIGKILL',
    'SIGKILL',
  ])
  expect(kept.child.exitCode ?? kept.child.signalCode).toBe(null)
  process.kill(-kept.pid, 'SIGKILL')
  expect(await kept.ended).toBe('SIGKILL')
})
