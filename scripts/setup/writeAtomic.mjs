import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

let count = 0

/**
 * Writes a file so that whoever reads it sees the old or the new content,
 * never half of it, also when two processes write it at once.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 * @param {string} [temporaryFolder] on the same file system; where a half
 *   written file stays when the process is killed. Beside `path` by default
 */
export function writeAtomic(path, content, temporaryFolder = dirname(path)) {
  const name = `${basename(path)}.${process.pid}.${count++}.tmp`
  const temporary = join(temporaryFolder, name)
  mkdirSync(dirname(path), { recursive: true })
  mkdirSync(temporaryFolder, { recursive: true })
  writeFileSync(temporary, content)
  renameSync(temporary, path)
}
