import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Key } from '../Key.js'
import { openFolder, removeFile, writeFileAtomic } from './atomicFile.js'
import { decode, encode } from './KeyFile.js'

/** All keys in memory, each of them backed by a file. */
export type KeyStore = {
  get(keyId: string): Key | undefined
  /** The keys in the order of their ids. */
  list(): Key[]
  /** Returns once the record is on disk. Others see it only then. */
  save(key: Key): Promise<void>
  remove(keyId: string): Promise<void>
  /** The keys that are due for deletion, or whose material has expired. */
  due(now: number): Key[]
}

export const createKeyStore = (
  folder: string,
  arnOf: (keyId: string) => string,
): KeyStore => {
  const keys = new Map<string, Key>()
  for (const name of openFolder(folder)) {
    const key = load(join(folder, name), arnOf)
    keys.set(key.keyId, key)
  }
  const pathOf = (keyId: string): string => join(folder, keyId)
  // Every request checks this, so the next due date is cached.
  let nextDue = earliest(keys.values())

  return {
    get: (keyId) => keys.get(keyId),
    list: () => [...keys.values()].sort(byId),
    save: async (key) => {
      const content = encode(key)
      try {
        await writeFileAtomic(pathOf(key.keyId), content)
      } finally {
        content.fill(0)
      }
      const before = keys.get(key.keyId)
      keys.set(key.keyId, key)
      if (before?.material && before.material !== key.material)
        before.material.privateKey.fill(0)
      nextDue = Math.min(nextDue, dueDate(key))
    },
    remove: async (keyId) => {
      await removeFile(pathOf(keyId))
      keys.get(keyId)?.material?.privateKey.fill(0)
      keys.delete(keyId)
    },
    due: (now) => {
      if (now < nextDue) return []
      nextDue = earliest(keys.values())
      return [...keys.values()].filter((key) => dueDate(key) <= now)
    },
  }
}

const load = (path: string, arnOf: (keyId: string) => string): Key => {
  try {
    return decode(readFileSync(path), arnOf)
  } catch (cause) {
    throw new Error(
      `The key file ${path} can't be read. Restore it from a backup, or move it elsewhere to start without this key.`,
      { cause },
    )
  }
}

const dueDate = (key: Key): number =>
  Math.min(
    key.deletionDate ?? Number.POSITIVE_INFINITY,
    key.material?.validTo ?? Number.POSITIVE_INFINITY,
  )

const earliest = (keys: Iterable<Key>): number => {
  let first = Number.POSITIVE_INFINITY
  for (const key of keys) first = Math.min(first, dueDate(key))
  return first
}

const byId = (a: Key, b: Key): number => (a.keyId < b.keyId ? -1 : 1)
