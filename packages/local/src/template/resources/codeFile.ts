import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Assembly } from '../readAssembly.js'
import { quote } from '../StackError.js'

/**
 * The one `.mjs` file of a function's code asset, a file or a folder.
 *
 * @throws SyntaxError
 */
export function codeFile(
  code: { S3Bucket?: string; S3Key?: string },
  handler: string,
  asset: Assembly['asset'],
): string {
  const { S3Key } = code
  if (S3Key === undefined) throw new SyntaxError('Code: S3Key is missing.')
  if (!/^index\.[A-Za-z_$][\w$]*$/.test(handler))
    throw new SyntaxError(
      `Handler is ${quote(handler)}; the local home runs index.<export> of index.mjs.`,
    )
  const path = asset(S3Key)
  if (path === undefined)
    throw new SyntaxError(
      `Code: the assembly has no asset ${quote(S3Key)}. Run cdk synth again.`,
    )
  if (!statSync(path).isDirectory()) {
    if (path.endsWith('.mjs')) return path
    throw new SyntaxError(
      'Code: the asset is a file, but no .mjs; the local home takes a folder with index.mjs.',
    )
  }
  const files = readdirSync(path).filter((name) => !name.endsWith('.map'))
  if (files.length === 1 && files[0] === 'index.mjs')
    return join(path, 'index.mjs')
  throw new SyntaxError(
    `Code: the asset holds ${files.length === 0 ? 'nothing' : files.map(quote).join(', ')}; the local home takes a folder with index.mjs alone.`,
  )
}
