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
  const pages = openSync(`/proc/${pid}/pagemap`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, name = ''] = region.exec(line) ?? []
      if (from === undefined || to === undefined || name.startsWith('[v'))
        continue
      const start = BigInt(`0x${from}`)
      const size = BigInt(`0x${to}`) - start
      if (size > tooLarge) continue
      // A program's file holds no key: only what was written over it is read.
      const isProgram = /(\/node|\.node|\.so[.\d]*)$/.test(name)
      const isOther = !isProgram && name !== '' && !name.startsWith('[')
      const runs = isOther
        ? [{ start, size: Number(size) }]
        : findUsed(pages, start, size)
      for (const run of runs) {
        const bytes = readRegion(memory, run)
        scannedBytes += bytes.length
        for (const [what, needle] of Object.entries(needles))
          if (bytes.includes(needle)) found.add(what)
      }
    }
  } finally {
    closeSync(memory)
    closeSync(pages)
  }
  return { found: [...found].sort(), scannedBytes }
}

const pageBytes = 4096
type Run = { start: bigint; size: number }

/**
 * The parts that are in memory or swapped out, and not as a file has them (bits
 * 63, 62 and 61 of a page's entry, proc_pid_pagemap(5)). Most others were never
 * written.
 */
function findUsed(pages: number, start: bigint, size: bigint): Run[] {
  const entries = Buffer.alloc(Number(size / BigInt(pageBytes)) * 8)
  const at = Number(start / BigInt(pageBytes)) * 8
  if (readSync(pages, entries, 0, entries.length, at) !== entries.length)
    throw new Error('Not every page is in /proc/PID/pagemap.')
  const runs: Run[] = []
  let run: Run | undefined
  for (let page = 0; page * 8 < entries.length; page++) {
    const state = (entries[page * 8 + 7] ?? 0) >> 5
    if (state < 2 || state % 2 === 1) run = undefined
    else if (run) run.size += pageBytes
    else {
      run = { start: start + BigInt(page * pageBytes), size: pageBytes }
      runs.push(run)
    }
  }
  return runs
}

/** Kept, as new memory for each run would take longer than to read it. */
let room = Buffer.alloc(0)

function readRegion(memory: number, { start, size }: Run): Buffer {
  if (room.length < size) room = Buffer.alloc(size)
  let length = 0
  try {
    while (length < size) {
      const at = start + BigInt(length)
      const read = readSync(memory, room, length, size - length, at)
      if (read === 0) break
      length += read
    }
  } catch {
    // Mapped, and yet not to be read: what came before is scanned.
  }
  return room.subarray(0, length)
}
