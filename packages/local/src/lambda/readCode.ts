import type { Files } from './FunctionRecord.js'
import { readZip } from './readZip.js'

/** `index.mjs` and companion files. */
export type Code = { readonly content: Buffer; readonly beside: Files }

/**
 * Reads a function's code from an archive, without source maps.
 *
 * @throws CodeError with Lambda's text if the bytes aren't an archive, and also
 *   for folders and other files, which the home's runtime doesn't support
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
    `Code: The asset contains ${found || 'nothing'}. The local home needs a folder with index.mjs, and optionally other .mjs, .json and .br files.`,
  )
}

const isFlat = (name: string) => /^[\w.-]+\.(?:mjs|json|br)$/.test(name)

/** An error in the code, which each caller rewords as its service would. */
export class CodeError extends Error {}
