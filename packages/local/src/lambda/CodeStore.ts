import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import type { Files, FunctionDefinition } from './FunctionRecord.js'

export type Code = { sha256: string; size: number }

/**
 * Stores code under its own hash, as `<folder>/<sha256>/index.mjs` and its
 * companion files. A stored version never changes, even if its source files do.
 */
export type CodeStore = {
  /** Copies files, or writes the given content. */
  add(code: FunctionDefinition['code']): Promise<Code>
  addContent(content: Buffer, beside?: Files): Promise<Code>
  /** The task root: a folder with only the code. */
  taskRoot(sha256: string): string
}

export function createCodeStore(folder: string): CodeStore {
  const taskRoot = (sha256: string) => join(folder, sha256)

  async function addContent(
    content: Buffer,
    beside: Files = new Map(),
  ): Promise<Code> {
    const sha256 = hashOf(content, beside)
    const target = taskRoot(sha256)
    if (!existsSync(target)) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // The folder is created under a temporary name and then renamed, so that
      // a folder with this name is always complete.
      const draft = await mkdtemp(join(folder, 'draft-'))
      for (const [name, bytes] of [['index.mjs', content], ...beside] as const)
        await writeFile(join(draft, name), bytes, { mode: 0o600, flush: true })
      await rename(draft, target).catch(async (error) => {
        await rm(draft, { recursive: true, force: true })
        if (!existsSync(target)) throw error
      })
    }
    const all = [content, ...beside.values()]
    return { sha256, size: all.reduce((sum, { length }) => sum + length, 0) }
  }

  return {
    add: async (code) =>
      addContent(
        'path' in code ? await readFile(code.path) : code.content,
        code.beside,
      ),
    addContent,
    taskRoot,
  }
}

/**
 * A single file's own hash, or a hash of the names and hashes of several files.
 */
function hashOf(content: Buffer, beside: Files): string {
  const hash = (bytes: Buffer | string) =>
    createHash('sha256').update(bytes).digest('hex')
  const own = hash(content)
  if (beside.size === 0) return own
  const others = [...beside]
    .map(([name, bytes]) => `${name} ${hash(bytes)}`)
    .sort()
  return hash([own, ...others].join('\n'))
}
