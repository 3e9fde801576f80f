import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionDefinition } from '../../lambda/FunctionRecord.js'
import { readZip } from '../../lambda/readZip.js'
import type { Assembly } from '../readAssembly.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'

/**
 * The one `.mjs` file of a function's code asset: a file, a folder, or an
 * archive.
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
  const files = readdirSync(path).filter((name) => !name.endsWith('.map'))
  assertAlone(files)
  return { path: join(path, 'index.mjs') }
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
  assertAlone([...files.keys()].filter((name) => !name.endsWith('.map')))
  return { content: files.get('index.mjs') as Buffer }
}

function assertAlone(files: readonly string[]): void {
  if (files.length === 1 && files[0] === 'index.mjs') return
  throw new TemplateError(
    `Code: the asset holds ${files.length === 0 ? 'nothing' : files.map(quote).join(', ')}; the local home takes a folder with index.mjs alone.`,
  )
}
