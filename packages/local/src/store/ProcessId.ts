import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Identifies a process by its start time and, on Linux, by the machine's boot,
 * so that a later process with the same number is not mistaken for it.
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
    // EPERM means that the process exists and belongs to another user.
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
      // The name in parentheses may itself contain spaces and parentheses.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // The process is a zombie: it has ended, and waits for its parent.
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
