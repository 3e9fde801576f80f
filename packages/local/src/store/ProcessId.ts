import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * A process, told from a later one that got the same number: by when it
 * started and, on Linux, by which boot of the machine it belongs to.
 */
export type ProcessId = { pid: number; started?: string }

export function current(): ProcessId {
  return of(process.pid)
}

export function of(pid: number): ProcessId {
  const started = startOf(pid)
  return started === undefined ? { pid } : { pid, started }
}

export function isAlive({ pid, started }: ProcessId): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it exists, and is another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startOf(pid)
  if (now === 'zombie') return false
  return started === undefined || now === undefined || now === started
}

function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
      // The name in parentheses may hold spaces and parentheses itself.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Dead, and only waiting for its parent to look.
      if (fields[0] === 'Z' || fields[0] === 'X') return 'zombie'
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')
      return `${boot.trim()} ${fields[19]}`
    } catch {
      return undefined
    }
  }
  try {
    const options = { encoding: 'latin1', timeout: 5000 } as const
    const args = ['-o', 'lstart=', '-p', String(pid)]
    return execFileSync('ps', args, options).trim() || undefined
  } catch {
    return undefined
  }
}
