import { readFile } from 'node:fs/promises'

/**
 * A process's current memory in MB; undefined on systems without /proc, where
 * only the heap limit enforces the memory size.
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
