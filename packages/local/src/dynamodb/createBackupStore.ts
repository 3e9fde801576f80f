import { randomBytes } from 'node:crypto'
import type { Item, Store } from 'dynalite/db/index.js'
import type { Json } from './Json.js'

export type Backup = {
  arn: string
  name: string
  type: 'USER' | 'SYSTEM'
  /** Milliseconds since 1970. */
  createdAt: number
  expiresAt?: number
  /** The table, as DescribeTable returned it. */
  table: Json
}

/** Backups outlive their tables. */
export type BackupStore = {
  create(given: {
    name: string
    type: Backup['type']
    table: Json
    items: readonly Item[]
  }): Promise<Backup>
  find(arn: string): Backup | undefined
  /** Sorted by time. */
  list(): Backup[]
  items(backup: Backup): Promise<Item[]>
  remove(backup: Backup): Promise<void>
}

/** `isWhole` is false while the backup's items are being written or deleted. */
type Row = Backup & { isWhole: boolean }

const systemBackupMs = 35 * 24 * 3600 * 1000
const batchSize = 500

export async function createBackupStore(parameters: {
  store: Store
  /** Milliseconds since 1970. */
  now: () => number
}): Promise<BackupStore> {
  const { now } = parameters
  const { db } = parameters.store
  const backups = new Map<string, Backup>()

  const save = (backup: Backup, isWhole: boolean) =>
    db.put(`${rows.gte}${backup.arn}`, { ...backup, isWhole } satisfies Row)

  const remove = async (backup: Backup) => {
    backups.delete(backup.arn)
    await save(backup, false)
    await db.clear(itemsOf(backup))
    await db.del(`${rows.gte}${backup.arn}`)
  }

  const left: Backup[] = []
  for await (const value of db.values(rows)) {
    const { isWhole, ...backup } = value as Row
    if (isWhole && (backup.expiresAt ?? now()) >= now())
      backups.set(backup.arn, backup)
    else left.push(backup)
  }
  for (const backup of left) await remove(backup)

  return {
    async create({ name, type, table, items }) {
      const createdAt = now()
      const id = type === 'SYSTEM' ? '00000000' : randomBytes(4).toString('hex')
      const backup: Backup = {
        arn: `${table.TableArn}/backup/${String(createdAt).padStart(14, '0')}-${id}`,
        name,
        type,
        createdAt,
        ...(type === 'SYSTEM' && { expiresAt: createdAt + systemBackupMs }),
        table,
      }
      await save(backup, false)
      for (let i = 0; i < items.length; i += batchSize)
        await db.batch(
          items.slice(i, i + batchSize).map((value, j) => ({
            type: 'put',
            key: `${itemsOf(backup).gte}${String(i + j).padStart(16, '0')}`,
            value,
          })),
        )
      await save(backup, true)
      backups.set(backup.arn, backup)
      return backup
    },
    find: (arn) => backups.get(arn),
    list: () =>
      [...backups.values()].sort(
        (a, b) => a.createdAt - b.createdAt || (a.arn < b.arn ? -1 : 1),
      ),
    async items(backup) {
      const items: Item[] = []
      for await (const value of db.values(itemsOf(backup)))
        items.push(value as Item)
      return items
    },
    remove,
  }
}

const rows = toRange('keyward-backup~')
const itemsOf = ({ arn }: Backup) => toRange(`keyward-backup-item~${arn}~`)

function toRange(prefix: string) {
  return { gte: prefix, lt: `${prefix}\xff` }
}
