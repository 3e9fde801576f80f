import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionDefinition } from '../../lambda/FunctionRecord.js'
import {
  assertRunnable,
  CodeError,
  isKept,
  readCode,
} from '../../lambda/readCode.js'
import type { Assembly } from '../readAssembly.js'
import { quote } from '../StackError.js'
import { TemplateError } from '../TemplateError.js'

/**
 * A function's code asset: a file, or a folder or archive with `index.mjs` and
 * companion files.
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
      `Handler is ${quote(handler)}. The local home supports only index.<export> in index.mjs.`,
    )
  const found = asset(S3Key, S3Bucket)
  if (found === undefined)
    throw new TemplateError(
      `Code: The CDK assembly lacks the asset ${quote(S3Key)}. Run cdk synth again.`,
    )
  try {
    return 'path' in found ? fromPath(found.path) : readCode(found.archive)
  } catch (error) {
    if (error instanceof CodeError) throw new TemplateError(error.message)
    throw error
  }
}

function fromPath(path: string): FunctionDefinition['code'] {
  if (!statSync(path).isDirectory()) {
    if (path.endsWith('.mjs')) return { path }
    throw new TemplateError(
      'Code: The asset is a file, but not .mjs. The local home needs a ' +
        'folder with index.mjs.',
    )
  }
  const names = readdirSync(path).filter(isKept)
  assertRunnable(names)
  const beside = names
    .filter((name) => name !== 'index.mjs')
    .map((name) => [name, readFileSync(join(path, name))] as const)
  return { path: join(path, 'index.mjs'), beside: new Map(beside) }
}
