import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  readJsonSync,
  syncFolder,
  writeFileAtomicSync,
} from '../store/atomicFile.js'
import type { NewObject } from './ObjectStore.js'

/** The object to be uploaded, without its content. */
export type Upload = Pick<NewObject, 'key' | 'contentType' | 'headers'>

export type MultipartUploads = {
  /** Returns the upload's id. */
  create(upload: Upload): string
  get(id: string): Upload | undefined
  /** Returns the part's ETag. */
  putPart(id: string, number: number, content: Buffer): string
  /** The content and the ETag of an existing part. */
  part(
    id: string,
    number: number,
  ): { content: Buffer; etag: string } | undefined
  remove(id: string): void
}

const idForm = /^[0-9a-f]{32}$/

/** Multipart uploads, one folder each. Uploads older than a day are deleted. */
export function createMultipartUploads(
  folder: string,
  now: () => number,
): MultipartUploads {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (id: string) => join(folder, id)
  const read = (id: string) =>
    readJsonSync(join(pathOf(id), 'upload.json')) as
      | { upload: Upload; at: number }
      | undefined
  for (const id of readdirSync(folder))
    if (!idForm.test(id) || (read(id)?.at ?? 0) < now() - 86_400_000)
      rmSync(pathOf(id), { recursive: true, force: true })
  const etagOf = (content: Buffer) =>
    createHash('md5').update(content).digest('hex')
  return {
    create(upload) {
      const id = randomBytes(16).toString('hex')
      mkdirSync(pathOf(id), { mode: 0o700 })
      const file = JSON.stringify({ upload, at: now() })
      writeFileAtomicSync(join(pathOf(id), 'upload.json'), file)
      syncFolder(folder)
      return id
    },
    get: (id) => (idForm.test(id) ? read(id)?.upload : undefined),
    putPart(id, number, content) {
      writeFileAtomicSync(join(pathOf(id), `${number}.part`), content)
      return etagOf(content)
    },
    part(id, number) {
      try {
        const content = readFileSync(join(pathOf(id), `${number}.part`))
        return { content, etag: etagOf(content) }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    remove(id) {
      rmSync(pathOf(id), { recursive: true, force: true })
      syncFolder(folder)
    },
  }
}
