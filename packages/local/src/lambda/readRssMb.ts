import { readFile } from 'node:fs/promises'

/**
 * Memory a process holds now, in MB; undefined where the system has no /proc
 * (there the heap limit alone guards the memory size).
 */
export async function readRssMb(pid: number): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const [, kb] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
    return kb === undefined ? undefined : Number(kb) / 1024
  } catch {
    return undefined
  }
}
