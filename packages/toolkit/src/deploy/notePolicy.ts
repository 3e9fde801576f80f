import { readFile } from 'node:fs/promises'
import type { Policy } from '@keyward/guard'
import { type Io, note } from '../Io.js'
import { readNetwork } from '../node/readNetwork.js'
import { namesIn } from './noteRemoved.js'
import { ownersIn } from './OwnerSettings.js'
import type { Settings } from './Settings.js'

/**
 * Explains why a policy does not limit anything yet, or never allows this stack
 * to sign anything. A file that can't be read is reported by the build.
 */
export async function notePolicy(io: Io, settings: Settings): Promise<void> {
  const { network, policy } = settings
  for (const line of await remarks(settings, policy)) note(io, line)
  for (const [index, owner] of ownersIn(settings).entries()) {
    const { policy, approvers } = owner
    for (const line of await remarks({ network, approvers }, policy))
      note(io, `Owner ${index + 1}: ${line}`)
  }
}

async function remarks(settings: Settings, path: unknown): Promise<string[]> {
  if (typeof path !== 'string' || path === '') return []
  const policy = await read(path).catch(() => undefined)
  return policy === undefined ? [] : remarksOn(policy, settings)
}

/** Whether a stack with these settings has windows to count. */
export async function countsWindows({
  policy: path,
}: Settings): Promise<boolean> {
  if (typeof path !== 'string' || path === '') return false
  const policy = await read(path).catch(() => undefined)
  return policy !== undefined && hasWindows(policy)
}

const hasWindows = ({ rules }: Policy) =>
  rules.some(({ windows }) => windows.length > 0)

async function read(path: string): Promise<Policy> {
  const { parsePolicy } = await import('@keyward/guard')
  return parsePolicy(await readFile(path, 'utf8'))
}

function remarksOn(policy: Policy, settings: Settings): string[] {
  const allowing = policy.rules.filter(
    ({ effect, mode }) => effect === 'allow' && mode === 'enforce',
  )
  const remarks: string[] = []
  if (policy.mode === 'shadow')
    remarks.push(
      'The policy is in shadow mode: it refuses nothing, but logs what it would refuse.',
    )
  const network = readNetwork(String(settings.network ?? ''))
  // Rules about messages have no windows.
  const isOnChain = allowing.some(
    ({ chains }) =>
      chains === undefined || chains.includes(BigInt(network?.chainId ?? 0)),
  )
  if (network !== undefined && !isOnChain)
    remarks.push(
      `No rule of the policy allows anything on the stack's network, ${network.name} (chain ${network.chainId}).`,
    )
  const { invokers, approvers } = settings
  const known = namesIn(approvers ?? invokers)
  const named = new Set(allowing.flatMap(({ callers }) => callers ?? []))
  const strange = [...named].filter((name) => !known.includes(name))
  if (strange.length > 0)
    remarks.push(
      `The policy names callers that don't exist in the stack: ${strange.join(', ')}. ${known.length === 0 ? 'The stack has no callers' : `The stack has ${known.join(', ')}`}. To add one, pass ${approvers ? '--owner' : '--invoker'} ${strange[0]}=ARN.`,
    )
  const { existingKeyArn: key, existingGuardTable: table } = settings
  if (hasWindows(policy) && key && !table)
    remarks.push(
      "The windows count only what this stack signs. If another stack signs with the same key, pass the name of that stack's guard table (its output GuardTable) as -c existingGuardTable=NAME; otherwise each stack can use the whole limit.",
    )
  return remarks
}
