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
import { quote } from '@keyward/iam/quote'
import { aws_lambda as lambda } from 'aws-cdk-lib'
import { isLocalNetwork } from './environment.js'

/** Names of the bundles. */
export type FunctionKind =
  | 'coordinator'
  | 'cosigner'
  // The reconciler of a stack that doesn't send.
  | 'guard-reconciler'
  | SignerKind
  | SenderKind

/** A policy's text, and the SHA-256 that the function checks. */
export type PolicyFile = {
  readonly text: string
  readonly sha256: string
  /** Whether a rule has windows, which need a table. */
  readonly counts: boolean
  /** Whether the policy is enforced, rather than only reported. */
  readonly enforces: boolean
}

/** Lambda would report its own limit only at deployment. */
const maxPolicyBytes = 1_000_000

const pathFlags =
  '--policy FILE, or "policy" of a multisig\'s owner in the --settings file'

/**
 * @param about.policy - The policy's path.
 * @param about.policySha256 - The SHA-256 that it must have, in hex.
 * @throws Error for a file that is missing, too long, not JSON, has another
 *   SHA-256, or has a rule that is only for the local chain
 */
export function readPolicy(about: {
  readonly policy: string
  readonly policySha256?: string | undefined
  readonly network: string
}): PolicyFile {
  const { policy: path, policySha256: meant } = about
  if (!existsSync(path))
    throw new Error(
      `policy: the file ${quote(path)} doesn't exist.${meant === undefined ? '' : ` The stack stores only the path and the SHA-256 of its policy. If the file was moved, pass its new path: ${pathFlags}. To remove the policy, pass --policy none.`}`,
    )
  const text = readFileSync(path, 'utf8')
  if (text.length > maxPolicyBytes)
    throw new Error(
      `policy: the file ${quote(path)} has ${text.length} characters. Allowed: up to ${maxPolicyBytes}.`,
    )
  const policy = parse(text, path)
  const rules = rulesIn(policy)
  const open = rules.find(allowsAnyContract)
  if (open !== undefined && !isLocalNetwork(about.network))
    throw new Error(
      `policy: the rule ${quote(String(open.id))} of ${quote(path)} allows calls to any contract on the network ${about.network}. The account could lose all its tokens. List the contracts in call.to; "any" is only for the local chain (network local or ${localChain}).`,
    )
  // Typed data names its own chain, regardless of the stack's network.
  const elsewhere = rules.find(
    (rule) => allowsAnyContract(rule) && !isLocal(rule),
  )
  if (elsewhere !== undefined)
    throw new Error(
      `policy: the rule ${quote(String(elsewhere.id))} of ${quote(path)} allows calls to any contract, but is not limited to the local chain. Set the rule's chains to [${localChain}], or list the contracts in call.to.`,
    )
  const counts = rules.some(({ windows }) => Object(windows).length > 0)
  const sha256 = createHash('sha256').update(text).digest('hex')
  if (meant !== undefined && meant !== sha256)
    throw new Error(
      `policy: the file ${quote(path)} has changed since it was deployed. To deploy the changed policy, pass the file: ${pathFlags}. To keep the deployed policy, restore the file (its SHA-256 began with ${meant.slice(0, 12)}), or pass a copy of it. To remove the policy, pass --policy none.`,
    )
  return { text, sha256, counts, enforces: Object(policy).mode !== 'shadow' }
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`policy: the file ${quote(path)} is not valid JSON.`)
  }
}

type RawRule = {
  [member in 'id' | 'effect' | 'chains' | 'call' | 'windows']?: unknown
}

/** The policy's parser reports invalid policies; here, they have no rules. */
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
 * The deployed bundle of a function: a folder with `index.mjs`, and, if it has
 * a policy, the policy and its evaluator.
 */
export function functionCode(
  kind: FunctionKind,
  policy?: PolicyFile,
): lambda.Code {
  if (policy === undefined) return lambda.Code.fromAsset(folderOf(kind))
  const staged = mkdtempSync(join(tmpdir(), `keyward-${kind}-`))
  // The CDK copies the folder into its assembly.
  process.once('exit', () => rmSync(staged, { recursive: true, force: true }))
  cpSync(folderOf(`with-policy/${kind}`), staged, { recursive: true })
  writeFileSync(join(staged, 'policy.json'), policy.text)
  return lambda.Code.fromAsset(staged)
}

function folderOf(name: string): string {
  // This is the same sibling folder, whether seen from src/ or from dist/.
  const folder = fileURLToPath(
    new URL(`../dist/functions/${name}`, import.meta.url),
  )
  if (!existsSync(folder))
    throw new Error(
      `The bundle ${name} has not been built: ${folder} is missing. Run npm run build.`,
    )
  return folder
}
