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
import type { FunctionDefinition } from './FunctionRecord.js'

export type Code = { sha256: string; size: number }

/**
 * Keeps code under its own hash, `<folder>/<sha256>/index.mjs`: a version never
 * changes, whatever happens to the file it was made from.
 */
export type CodeStore = {
  /** Copies one file in, or keeps its content. */
  add(code: FunctionDefinition['code']): Promise<Code>
  addContent(content: Buffer): Promise<Code>
  /** The task root: a folder that holds the code and nothing else. */
  taskRoot(sha256: string): string
}

export function createCodeStore(folder: string): CodeStore {
  const taskRoot = (sha256: string) => join(folder, sha256)

  async function addContent(content: Buffer): Promise<Code> {
    const sha256 = createHash('sha256').update(content).digest('hex')
    const target = taskRoot(sha256)
    if (!existsSync(target)) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Made aside and renamed, so that a folder of that name is complete.
      const draft = await mkdtemp(join(folder, 'draft-'))
      const file = join(draft, 'index.mjs')
      await writeFile(file, content, { mode: 0o600, flush: true })
      await rename(draft, target).catch(async (error) => {
        await rm(draft, { recursive: true, force: true })
        if (!existsSync(target)) throw error
      })
    }
    return { sha256, size: content.length }
  }

  return {
    add: async (code) =>
      addContent('path' in code ? await readFile(code.path) : code.content),
    addContent,
    taskRoot,
  }
}
