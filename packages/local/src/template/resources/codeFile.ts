import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionDefinition } from '../../lambda/FunctionRecord.js'
import { readZip } from '../../lambda/readZip.js'
import type { Assembly } from '../readAssembly.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'

/**
 * A function's code asset: a file, or a folder or archive with `index.mjs` and
 * what stands beside it.
 *
 * @throws TemplateError
 */
export function codeFile(
  code: { S3Bucket?: string; S3Key?: string },
  handler: string,
  asset: Assembly['asset'],
): FunctionDefinition['code'] {
  const { S3Key, S3Bucket } = code
  if (S3Key === undefined) throw new TemplateError('Code: S3Key is missing.')
  if (!/^index\.[A-Za-z_$][\w$]*$/.test(handler))
    throw new TemplateError(
      `Handler is ${quote(handler)}; the local home runs index.<export> of index.mjs.`,
    )
  const found = asset(S3Key, S3Bucket)
  if (found === undefined)
    throw new TemplateError(
      `Code: the assembly has no asset ${quote(S3Key)}. Run cdk synth again.`,
    )
  return 'path' in found ? fromPath(found.path) : fromArchive(found.archive)
}

function fromPath(path: string): FunctionDefinition['code'] {
  if (!statSync(path).isDirectory()) {
    if (path.endsWith('.mjs')) return { path }
    throw new TemplateError(
      'Code: the asset is a file, but no .mjs; the local home takes a folder with index.mjs.',
    )
  }
  const names = readdirSync(path).filter((name) => !name.endsWith('.map'))
  assertRunnable(names)
  const beside = names
    .filter((name) => name !== 'index.mjs')
    .map((name) => [name, readFileSync(join(path, name))] as const)
  return { path: join(path, 'index.mjs'), beside: new Map(beside) }
}

function fromArchive(archive: Buffer): FunctionDefinition['code'] {
  let files: Map<string, Buffer>
  try {
    files = readZip(archive)
  } catch {
    throw new TemplateError(
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    )
  }
  const beside = new Map([...files].filter(([name]) => !name.endsWith('.map')))
  assertRunnable([...beside.keys()])
  beside.delete('index.mjs')
  return { content: files.get('index.mjs') as Buffer, beside }
}

/** Folders, and modules of other kinds, the home's runtime does not know. */
function assertRunnable(files: readonly string[]): void {
  if (files.includes('index.mjs') && files.every(isFlat)) return
  throw new TemplateError(
    `Code: the asset holds ${files.length === 0 ? 'nothing' : files.map(quote).join(', ')}; the local home takes a folder with index.mjs, and .mjs and .json files beside it.`,
  )
}

const isFlat = (name: string) => /^[\w.-]+\.(?:mjs|json)$/.test(name)
