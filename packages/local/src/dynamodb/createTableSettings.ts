import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import { readJsonSync, writeFileAtomicSync } from '../store/atomicFile.js'

/** Settings of a table that dynalite doesn't know. */
export type TableSettings = {
  deletionProtection: boolean
  pointInTimeRecovery: boolean
  recoveryPeriodInDays: number
  policy?: { document: string; revisionId: string } | undefined
  /** Set while a restore is filling the table. */
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

/** Table settings by table name, in one file. */
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
    /** Stores the settings of a new table before the table exists. */
    begin(name: string, by: Partial<TableSettings>): void {
      tables.set(name, { ...none, ...by })
      save()
    },
    /** Removes the settings of a deleted table. */
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
    `${path} has an unknown format, because another version of Keyward wrote it. Use that version, or start again with --reset.`,
  )
}
