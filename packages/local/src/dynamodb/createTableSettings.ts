import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import { readJsonSync, writeFileAtomicSync } from '../store/atomicFile.js'

/** What a table has that dynalite does not know. */
export type TableSettings = {
  deletionProtection: boolean
  pointInTimeRecovery: boolean
  recoveryPeriodInDays: number
  policy?: { document: string; revisionId: string } | undefined
  /** Of a table that a restore is filling. */
  restore?: Restore | undefined
}

export type Restore = {
  sourceTableArn: string
  sourceBackupArn?: string
  /** Milliseconds since 1970. */
  restoreDateTime: number
}

const none: TableSettings = {
  deletionProtection: false,
  pointInTimeRecovery: false,
  recoveryPeriodInDays: 35,
}

/** Settings of tables by their names, in one file. */
export function createTableSettings(folder: string) {
  const path = join(folder, 'settings.json')
  const tables = read(path)
  const save = () =>
    writeFileAtomicSync(
      path,
      `${JSON.stringify({ format: 1, tables: Object.fromEntries(tables) }, null, 2)}\n`,
    )
  return {
    /** Every table has settings. */
    has: (name: string): boolean => tables.has(name),
    names: (): string[] => [...tables.keys()],
    get: (name: string): TableSettings => tables.get(name) ?? none,
    change(name: string, by: Partial<TableSettings>): void {
      tables.set(name, { ...(tables.get(name) ?? none), ...by })
      save()
    },
    /** Of a table that is new: in force before it is there. */
    begin(name: string, by: Partial<TableSettings>): void {
      tables.set(name, { ...none, ...by })
      save()
    },
    /** Of a table that is gone. */
    clear(name: string): void {
      if (tables.delete(name)) save()
    },
  }
}

function read(path: string): Map<string, TableSettings> {
  const file = readJsonSync(path) as
    | { format: number; tables: Record<string, TableSettings> }
    | undefined
  if (file === undefined) return new Map()
  if (file.format === 1) return new Map(Object.entries(file.tables))
  throw new HomeError(
    'file-damaged',
    `${path} is of an unknown format. It was written by another version of Keyward: use that one, or start anew with --reset.`,
  )
}
