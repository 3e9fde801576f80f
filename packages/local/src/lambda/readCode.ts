import type { Files } from './FunctionRecord.js'
import { readZip } from './readZip.js'

/** `index.mjs`, and what stands beside it. */
export type Code = { readonly content: Buffer; readonly beside: Files }

/**
 * A function's code from an archive; source maps are left out.
 *
 * @throws CodeError as Lambda says it for what is no archive, and for folders
 * and other files, which the home's runtime does not know
 */
export function readCode(archive: Buffer): Code {
  let files: Map<string, Buffer>
  try {
    files = readZip(archive)
  } catch {
    throw new CodeError(
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    )
  }
  const names = [...files.keys()].filter(isKept)
  const content = files.get('index.mjs')
  assertRunnable(names)
  const beside = new Map(
    [...files].filter(([name]) => isKept(name) && name !== 'index.mjs'),
  )
  return { content: content as Buffer, beside }
}

export const isKept = (name: string) => !name.endsWith('.map')

/** @throws CodeError */
export function assertRunnable(names: readonly string[]): void {
  if (names.includes('index.mjs') && names.every(isFlat)) return
  const found = names.map((name) => JSON.stringify(name)).join(', ')
  throw new CodeError(
    `Code: the asset holds ${found || 'nothing'}; the local home takes a folder with index.mjs, and .mjs, .json and .br files beside it.`,
  )
}

const isFlat = (name: string) => /^[\w.-]+\.(?:mjs|json|br)$/.test(name)

/** What a caller words as its service does. */
export class CodeError extends Error {}
