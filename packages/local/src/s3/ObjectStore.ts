import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { HomeError } from '../HomeError.js'
import {
  readJsonSync,
  syncFolder,
  temporarySuffix,
  writeFileAtomicSync,
  writeSynced,
} from '../store/atomicFile.js'

/** An object, as S3 describes it. */
export type StoredObject = {
  key: string
  size: number
  /** The ETag without quotes. */
  etag: string
  /** Milliseconds since 1970. */
  lastModified: number
  contentType: string
  /** `x-amz-meta-*` by name, and headers such as `cache-control`. */
  headers: Readonly<Record<string, string>>
  /** Algorithm in lower case and base64. */
  checksum?: { algorithm: string; value: string }
  /** Name of the content file. */
  file: string
}

export type NewObject = Omit<StoredObject, 'size' | 'etag' | 'file'> & {
  content: Buffer
  /** Default: the MD5 hash of the content. */
  etag?: string
}

export type ObjectStore = {
  /** The objects in the byte order of their keys. */
  list(): StoredObject[]
  get(key: string): StoredObject | undefined
  read(object: StoredObject): Buffer
  /** The object is on disk once this returns. */
  put(object: NewObject): StoredObject
  remove(key: string): void
}

/**
 * The objects of one bucket. Each object consists of a content file and a small
 * JSON file that refers to it. The JSON file is replaced as a whole, so that
 * readers see either the old object or the new one.
 *
 * @throws {HomeError} file-damaged
 */
export function createObjectStore(folder: string): ObjectStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const objects = new Map<string, StoredObject>()
  for (const name of readdirSync(folder))
    if (name.endsWith('.json')) {
      const object = readRecord(join(folder, name))
      objects.set(object.key, object)
    }
  // A killed put may have left these: its own file, or the one that it
  // replaced.
  const kept = new Set([...objects.values()].map(({ file }) => file))
  for (const name of readdirSync(folder))
    if (
      name.endsWith(temporarySuffix) ||
      (name.endsWith('.bin') && !kept.has(name))
    )
      rmSync(join(folder, name), { force: true })

  const recordPath = (key: string) =>
    join(folder, `${createHash('sha256').update(key).digest('hex')}.json`)
  return {
    list: () =>
      [...objects.values()].sort((a, b) =>
        Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
      ),
    get: (key) => objects.get(key),
    read: ({ file }) => readFileSync(join(folder, file)),
    put({ content, ...given }) {
      const file = `${randomUUID()}.bin`
      const object: StoredObject = {
        etag: createHash('md5').update(content).digest('hex'),
        ...given,
        size: content.length,
        file,
      }
      writeSynced(join(folder, file), content)
      const record = { format: 1, object }
      writeFileAtomicSync(recordPath(given.key), `${JSON.stringify(record)}\n`)
      const before = objects.get(given.key)
      objects.set(given.key, object)
      if (before) rmSync(join(folder, before.file), { force: true })
      return object
    },
    remove(key) {
      const before = objects.get(key)
      if (!before) return
      rmSync(recordPath(key), { force: true })
      syncFolder(folder)
      objects.delete(key)
      rmSync(join(folder, before.file), { force: true })
    },
  }

  function readRecord(path: string): StoredObject {
    const record = readJsonSync(path) as
      | { format: number; object: StoredObject }
      | undefined
    if (record?.format === 1 && existsSync(join(folder, record.object.file)))
      return record.object
    throw new HomeError(
      'file-damaged',
      `${path} is not a valid object record, or its content is missing. Remove that file, or start again with --reset.`,
    )
  }
}
