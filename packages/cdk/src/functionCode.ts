import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SenderKind, SignerKind } from '@keyward/iam/functions'
import { aws_lambda as lambda } from 'aws-cdk-lib'

/** Names of the bundles. */
export type FunctionKind =
  | 'coordinator'
  | 'cosigner'
  // The reconciler of a stack that does not send.
  | 'guard-reconciler'
  | SignerKind
  | SenderKind

/** A policy's text, and the SHA-256 by which the function knows it. */
export type PolicyFile = {
  readonly text: string
  readonly sha256: string
  /** Whether a rule of it has windows, so that a table is needed. */
  readonly counts: boolean
}

/** Lambda's own limit would be found only at the deployment. */
const maxPolicyBytes = 1_000_000

/**
 * @param meant - The SHA-256 that it must have, in hex.
 * @throws Error for a file that is missing, too long, no JSON, or another text
 */
export function readPolicy(path: string, meant?: string): PolicyFile {
  if (!existsSync(path)) throw new Error(`policy: there is no file ${path}.`)
  const text = readFileSync(path, 'utf8')
  if (text.length > maxPolicyBytes)
    throw new Error(
      `policy: ${path} has ${text.length} characters; allowed: ${maxPolicyBytes}.`,
    )
  const counts = hasWindows(parse(text, path))
  const sha256 = createHash('sha256').update(text).digest('hex')
  if (meant !== undefined && meant !== sha256)
    throw new Error(
      `policy: ${path} has changed since it was deployed. Deploy it as it is now with --policy ${path}, or take the policy away with --policy none.`,
    )
  return { text, sha256, counts }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`policy: ${path} is not JSON.`)
  }
}

/** What is no policy says so where it is read; here it only has no windows. */
function hasWindows(policy: unknown): boolean {
  const { rules } = Object(policy) as { rules?: unknown }
  return (
    Array.isArray(rules) &&
    rules.some((rule) => Object(rule).windows?.length > 0)
  )
}

/**
 * The bundle of a function as it is deployed: a folder with `index.mjs`, and
 * with a policy and what reads it where it has one.
 */
export function functionCode(
  kind: FunctionKind,
  policy?: PolicyFile,
): lambda.Code {
  if (policy === undefined) return lambda.Code.fromAsset(folderOf(kind))
  const staged = mkdtempSync(join(tmpdir(), `keyward-${kind}-`))
  // The CDK copies it into its assembly.
  process.once('exit', () => rmSync(staged, { recursive: true, force: true }))
  cpSync(folderOf(`with-policy/${kind}`), staged, { recursive: true })
  writeFileSync(join(staged, 'policy.json'), policy.text)
  return lambda.Code.fromAsset(staged)
}

function folderOf(name: string): string {
  // From src/ as from dist/ the same folder beside them.
  const folder = fileURLToPath(
    new URL(`../dist/functions/${name}`, import.meta.url),
  )
  if (!existsSync(folder))
    throw new Error(
      `The bundle ${name} is not built: ${folder} is missing. Run npm run build.`,
    )
  return folder
}
