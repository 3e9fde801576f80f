import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import {
  readJsonSync,
  syncFolder,
  temporarySuffix,
  writeFileAtomicSync,
  writeSynced,
} from './atomicFile.js'
import * as ProcessId from './ProcessId.js'

/** A folder that this process has locked until `release`. */
export type Lock = { release(): void }

type Record = { holder: ProcessId.ProcessId | null }

/**
 * Locks a folder for this process.
 *
 * The locks are numbered files, and the highest number counts. If a process
 * finds that the holder of that number is no longer running, it creates the
 * next number, which only one process can do. So two processes that find the
 * same stale lock can't both take it, as they could if they had to remove a
 * file.
 *
 * @throws {HomeError} folder-locked, naming the process that locked it.
 */
export function acquire(folder: string): Lock {
  const temporary = join(folder, `lock.${randomUUID()}${temporarySuffix}`)
  const record: Record = { holder: ProcessId.current() }
  writeSynced(temporary, JSON.stringify(record))
  try {
    for (;;) {
      const last = numbers(folder).at(-1)
      const living = last === undefined ? undefined : holderOf(folder, last)
      if (living) throw locked(folder, living.pid)
      const own = (last ?? 0) + 1
      if (!tryLink(temporary, pathOf(folder, own))) continue
      // Since the check, another process took and released the number.
      if (numbers(folder).at(-1) !== own) {
        rmSync(pathOf(folder, own), { force: true })
        continue
      }
      for (const older of numbers(folder))
        if (older < own) rmSync(pathOf(folder, older), { force: true })
      syncFolder(folder)
      return { release: () => release(folder, own) }
    }
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** The running process that has locked the folder, if there is one. */
export function holder(folder: string): ProcessId.ProcessId | undefined {
  const last = numbers(folder).at(-1)
  return last === undefined ? undefined : holderOf(folder, last)
}

export function isLockFile(name: string): boolean {
  return /^lock\.[0-9]+$/.test(name)
}

// The file stays without a holder, so that its number is never reused.
function release(folder: string, own: number) {
  const record: Record = { holder: null }
  writeFileAtomicSync(pathOf(folder, own), JSON.stringify(record))
}

function pathOf(folder: string, number: number) {
  return join(folder, `lock.${number}`)
}

function numbers(folder: string): number[] {
  return readdirSync(folder)
    .filter(isLockFile)
    .map((name) => Number(name.slice('lock.'.length)))
    .sort((a, b) => a - b)
}

function holderOf(folder: string, number: number) {
  const record = readJsonSync(pathOf(folder, number)) as Record | undefined
  const found = record?.holder
  return found && ProcessId.isAlive(found) ? found : undefined
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function locked(folder: string, pid: number) {
  return new HomeError(
    'folder-locked',
    `The folder ${folder} is in use by process ${pid}. Stop that process, or choose another folder with --data-dir.`,
  )
}
