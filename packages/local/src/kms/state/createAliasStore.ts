import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFolder, removeFile, writeFileAtomic } from './atomicFile.js'

export type Alias = {
  /** The name with the prefix `alias/`. */
  readonly name: string
  readonly targetKeyId: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
}

/** All aliases in memory, each of them backed by a file. */
export type AliasStore = {
  get(name: string): Alias | undefined
  /**
   * The aliases in the order of their names; only those of one key if its id is
   * given.
   */
  list(targetKeyId?: string): Alias[]
  save(alias: Alias): Promise<void>
  remove(name: string): Promise<void>
}

export const createAliasStore = (folder: string): AliasStore => {
  const aliases = new Map<string, Alias>()
  for (const file of openFolder(folder)) {
    const alias = load(join(folder, file))
    aliases.set(alias.name, alias)
  }
  // Names contain slashes, and can be longer than a file name.
  const pathOf = (name: string): string =>
    join(folder, createHash('sha256').update(name).digest('hex'))

  return {
    get: (name) => aliases.get(name),
    list: (target) =>
      [...aliases.values()]
        .filter((alias) => !target || alias.targetKeyId === target)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    save: async (alias) => {
      await writeFileAtomic(
        pathOf(alias.name),
        Buffer.from(JSON.stringify(alias)),
      )
      aliases.set(alias.name, alias)
    },
    remove: async (name) => {
      await removeFile(pathOf(name))
      aliases.delete(name)
    },
  }
}

const load = (path: string): Alias => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Alias
  } catch (cause) {
    throw new Error(
      `The alias file ${path} can't be read. Restore it from a backup, or move it elsewhere to start without this alias.`,
      { cause },
    )
  }
}
