import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readJsonSync } from '../store/atomicFile.js'
import * as ProcessId from '../store/ProcessId.js'

const stopMs = 10_000

/** The file in the chain's folder that identifies its process. */
export function pidFileOf(folder: string): string {
  return join(folder, 'anvil.pid.json')
}

/** Ends the chain of a killed home if it is still running. */
export async function stopEarlier(folder: string): Promise<void> {
  const file = pidFileOf(folder)
  const earlier = readJsonSync(file) as ProcessId.ProcessId | undefined
  if (!earlier) return
  const deadline = Date.now() + stopMs
  // Without the start time, the process id may by now belong to another
  // process.
  while (earlier.started !== undefined && ProcessId.isAlive(earlier)) {
    try {
      process.kill(earlier.pid, Date.now() < deadline ? 'SIGTERM' : 'SIGKILL')
    } catch {
      // The process ended between the two checks.
    }
    await delay(20)
  }
  rmSync(file, { force: true })
}
