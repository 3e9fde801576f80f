import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * Names a living process by its id and start time, because ids are reused
 * (almost certainly so in a container). Undefined if the process doesn't exist.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function processIdentity(pid) {
  const start = process.platform === 'linux' ? linuxStart(pid) : startByPs(pid)
  return start === undefined ? undefined : `${pid} ${start}`
}

/** @param {string} identity as returned by `processIdentity` */
export function isAlive(identity) {
  return processIdentity(Number.parseInt(identity, 10)) === identity
}

/** @param {number} pid */
function linuxStart(pid) {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the name in parentheses may contain spaces. Counted after it,
    // field 0 is the state and field 19 the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : `${boot.trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function startByPs(pid) {
  try {
    const arguments_ = ['-o', 'lstart=', '-p', String(pid)]
    const start = execFileSync('ps', arguments_, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    return start.trim() || undefined
  } catch {
    return undefined
  }
}
