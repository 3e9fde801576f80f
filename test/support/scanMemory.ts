import { closeSync, openSync, readFileSync, readSync } from 'node:fs'

const region = /^([0-9a-f]+)-([0-9a-f]+) r\S* \S+ \S+ \d+ *(.*)$/
/** Reserved address space of V8, most of it never touched. */
const tooLarge = 2n ** 31n

/**
 * Where the memory of a running process holds any of some byte sequences, by
 * their names. Linux only: it reads /proc.
 */
export function scanMemory(
  pid: number,
  needles: Readonly<Record<string, Buffer>>,
): { found: string[]; scannedBytes: number } {
  const found = new Set<string>()
  let scannedBytes = 0
  const memory = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, name = ''] = region.exec(line) ?? []
      if (from === undefined || to === undefined || name.startsWith('[v'))
        continue
      const start = BigInt(`0x${from}`)
      const size = BigInt(`0x${to}`) - start
      if (size > tooLarge) continue
      const bytes = readRegion(memory, start, Number(size))
      scannedBytes += bytes.length
      for (const [what, needle] of Object.entries(needles))
        if (bytes.includes(needle)) found.add(what)
    }
  } finally {
    closeSync(memory)
  }
  return { found: [...found].sort(), scannedBytes }
}

function readRegion(memory: number, start: bigint, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  let length = 0
  try {
    while (length < size) {
      const at = start + BigInt(length)
      const read = readSync(memory, bytes, length, size - length, at)
      if (read === 0) break
      length += read
    }
  } catch {
    // Mapped, and yet not to be read: what came before is scanned.
  }
  return bytes.subarray(0, length)
}
