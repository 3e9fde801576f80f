import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

let count = 0

/**
 * Writes a file so that readers see either the old or the new content, never
 * half of it, even if two processes write at once.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 * @param {string} [temporaryFolder] on the same file system; a partial file
 * stays there if the process is killed. Default: the folder of `path`
 */
export function writeAtomic(path, content, temporaryFolder = dirname(path)) {
  const name = `${basename(path)}.${process.pid}.${count++}.tmp`
  const temporary = join(temporaryFolder, name)
  mkdirSync(dirname(path), { recursive: true })
  mkdirSync(temporaryFolder, { recursive: true })
  writeFileSync(temporary, content)
  renameSync(temporary, path)
}
