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
import { isLocalNetwork } from './environment.js'

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
  /** Whether it is in force, and not only told. */
  readonly enforces: boolean
}

/** Lambda's own limit would be found only at the deployment. */
const maxPolicyBytes = 1_000_000

/**
 * @param about.policy - Its path.
 * @param about.policySha256 - What it must have, in hex.
 * @throws Error for a file that is missing, too long, no JSON, another text, or
 * with a rule that is for the local chain only
 */
export function readPolicy(about: {
  readonly policy: string
  readonly policySha256?: string | undefined
  readonly network: string
}): PolicyFile {
  const { policy: path, policySha256: meant } = about
  if (!existsSync(path)) throw new Error(`policy: there is no file ${path}.`)
  const text = readFileSync(path, 'utf8')
  if (text.length > maxPolicyBytes)
    throw new Error(
      `policy: ${path} has ${text.length} characters; allowed: ${maxPolicyBytes}.`,
    )
  const policy = parse(text, path)
  const rules = rulesIn(policy)
  const open = rules.find(allowsAnyContract)
  if (open !== undefined && !isLocalNetwork(about.network))
    throw new Error(
      `policy: the rule ${open.id} of ${path} allows calls of any contract, and the network is ${about.network}. All tokens of the account could go. List the contracts in call.to; "any" is for the local chain (network local or ${localChain}).`,
    )
  // Typed data names its own chain, whatever network the stack is for.
  const elsewhere = rules.find(
    (rule) => allowsAnyContract(rule) && !isLocal(rule),
  )
  if (elsewhere !== undefined)
    throw new Error(
      `policy: the rule ${elsewhere.id} of ${path} allows calls of any contract on the chains ${JSON.stringify(elsewhere.chains)}; allowed: [${localChain}].`,
    )
  const counts = rules.some(({ windows }) => Object(windows).length > 0)
  const sha256 = createHash('sha256').update(text).digest('hex')
  if (meant !== undefined && meant !== sha256)
    throw new Error(
      `policy: ${path} has changed since it was deployed. Deploy it as it is now with --policy ${path}, or take the policy away with --policy none.`,
    )
  return { text, sha256, counts, enforces: Object(policy).mode !== 'shadow' }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`policy: ${path} is not JSON.`)
  }
}

type RawRule = {
  [member in 'id' | 'effect' | 'chains' | 'call' | 'windows']?: unknown
}

/** What is no policy says so where it is read; here it only has no rules. */
function rulesIn(policy: unknown): RawRule[] {
  const { rules } = Object(policy) as { rules?: unknown }
  return Array.isArray(rules) ? rules.map(Object) : []
}

const localChain = 31337

const isLocal = ({ chains }: RawRule) =>
  Array.isArray(chains) &&
  chains.length > 0 &&
  chains.every((chain) => chain === localChain)

const allowsAnyContract = ({ effect, call }: RawRule) =>
  effect !== 'deny' && Object(call).to === 'any'

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
