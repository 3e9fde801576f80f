import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readJsonSync } from '../store/atomicFile.js'
import * as ProcessId from '../store/ProcessId.js'

const stopMs = 10_000

/** Names the process of the running chain in its folder. */
export function pidFileOf(folder: string): string {
  return join(folder, 'anvil.pid.json')
}

/** Ends the chain of a home that was killed, if it should still run. */
export async function stopEarlier(folder: string): Promise<void> {
  const file = pidFileOf(folder)
  const earlier = readJsonSync(file) as ProcessId.ProcessId | undefined
  if (!earlier) return
  const deadline = Date.now() + stopMs
  // Without a start time the number may belong to anybody by now.
  while (earlier.started !== undefined && ProcessId.isAlive(earlier)) {
    try {
      process.kill(earlier.pid, Date.now() < deadline ? 'SIGTERM' : 'SIGKILL')
    } catch {
      // It went between the two looks.
    }
    await delay(20)
  }
  rmSync(file, { force: true })
}
