import { quote } from '@keyward/iam/quote'
import { assertAddress } from './environment.js'
import type { OwnerProps } from './MultisigStackProps.js'

// Checks the environment of a multisig's functions at synth. This module
// doesn't need aws-cdk-lib.

/**
 * The names of dangers, which are the same in the functions; a test in
 * test/multisig compares the two lists.
 */
export const dangers = [
  'delegatecall',
  'owners',
  'modules',
  'guard',
  'fallback-handler',
  'self-call',
  'approve-hash',
  'unlimited-approval',
  'order-for-nothing',
  'ownership',
  'upgrade',
  'no-code',
  'precompile',
  'refund',
  'safe-tx-gas',
  'unknown-call',
  'balance',
  'storage',
  'not-simulated',
  'safe-message',
  'unknown-message',
]

/**
 * The dangers that a policy's rule can allow, by their names in rules. They are
 * the same as in the co-signers; a test in test/multisig compares the two
 * lists.
 */
export const byPolicy: Readonly<Record<string, string>> = {
  'unlimited-approval': 'unlimited-approval',
  'approval-for-all': 'unlimited-approval',
  'order-for-nothing': 'order-for-nothing',
  ownership: 'ownership',
  upgrade: 'upgrade',
  owners: 'owners',
  module: 'modules',
  guard: 'guard',
  'fallback-handler': 'fallback-handler',
  'approve-hash': 'approve-hash',
  delegatecall: 'delegatecall',
  refund: 'refund',
  'safe-tx-gas': 'safe-tx-gas',
  'self-call': 'self-call',
  'wrapped-hash': 'safe-message',
}

/**
 * The dangers that a policy's rules allow by name. The coordinator must execute
 * transactions that co-signers sign because of these rules.
 *
 * @param text - Text of a policy that is known to be JSON.
 */
export function openByPolicy(text: string): string[] {
  const { mode: whole, rules } = Object(JSON.parse(text))
  const named = (Array.isArray(rules) ? rules : []).flatMap((rule) => {
    const { effect = 'allow', mode = whole, dangers } = Object(rule)
    const opens = effect === 'allow' && mode !== 'shadow'
    return opens && Array.isArray(dangers) ? dangers : []
  })
  return named.flatMap((name) =>
    Object.hasOwn(byPolicy, name) ? [byPolicy[name] as string] : [],
  )
}

/** A function's whole environment is limited to 4 kB. */
const maxSafeBytes = 2400

/**
 * The safe file in one line, and its Safe.
 *
 * @throws Error
 */
export function readSafeFile(text: string): { text: string; safe: string } {
  const refuse = (reason: string) =>
    new Error(
      `safe: ${reason}. Allowed: the safe file as JSON, written by keyward safe create or keyward safe adopt.`,
    )
  let file: { version?: unknown; safe?: unknown; pins?: unknown } | null
  try {
    file = JSON.parse(text)
  } catch {
    throw refuse(`the value (${text.length} characters) is not valid JSON`)
  }
  const { version, safe, pins } = file ?? {}
  if (version !== 1 || typeof safe !== 'string' || typeof pins !== 'object')
    throw refuse('the value lacks "version": 1, "safe" or "pins"')
  const line = JSON.stringify(file)
  if (line.length > maxSafeBytes)
    throw refuse(`the file has ${line.length} bytes, more than ${maxSafeBytes}`)
  return { text: line, safe: assertAddress(safe).toLowerCase() }
}

/** The opened dangers and contracts, for the environment. @throws Error */
export function toRules({
  open = [],
  openCalls = [],
}: Pick<OwnerProps, 'open' | 'openCalls'>): Record<string, string> {
  const unknown = open.find((name) => !dangers.includes(name))
  if (unknown !== undefined)
    throw new Error(
      `open: ${quote(unknown)} is not the name of a danger. Allowed: ${dangers.join(', ')}.`,
    )
  for (const address of openCalls) assertAddress(address)
  return {
    ...(open.length > 0 && { OPEN_DANGERS: open.join(',') }),
    ...(openCalls.length > 0 && { OPEN_CALLS: openCalls.join(',') }),
  }
}

/** @throws Error */
export function assertHours(hours: number): string {
  if (Number.isInteger(hours) && hours >= 1 && hours <= 8760)
    return String(hours)
  throw new Error(
    `proposalHours: ${hours} is not allowed. Allowed: a whole number of hours from 1 to 8760.`,
  )
}
