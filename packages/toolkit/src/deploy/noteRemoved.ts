import { escapeInvisible } from '@keyward/core/errors'
import { type Io, note } from '../Io.js'
import type { Settings } from './SettingValues.js'

/** The settings that name several principals, and a word for one of them. */
const lists = {
  administrators: 'administrator',
  users: 'user',
  importers: 'importer',
  breakGlass: 'break-glass role',
  deployers: 'deployer',
  invokers: 'caller',
  proposers: 'proposer',
  ledgerWriters: 'ledger writer',
} as const

/**
 * Names the principals that a deployment removes. A list is replaced as a
 * whole, so passing one new entry removes the others.
 *
 * @param before - The settings of the last deployment.
 */
export function noteRemoved(io: Io, before: Settings, after: Settings): void {
  for (const [setting, word] of Object.entries(lists)) {
    const kept = namesIn(after[setting])
    const removed = namesIn(before[setting]).filter(
      (name) => !kept.includes(name),
    )
    if (removed.length === 0) continue
    const what = removed.length === 1 ? word : `${word}s`
    note(
      io,
      `This removes the ${what} ${removed.map(escapeInvisible).join(', ')}: a list of ${word}s is replaced as a whole. To keep ${removed.length === 1 ? 'it' : 'them'}, pass ${removed.length === 1 ? 'it' : 'them'} again.`,
    )
  }
}

/**
 * The names of callers, or the ARNs of roles, whether they come from a flag, a
 * file or an earlier deployment.
 */
export function namesIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? value.flatMap(namesIn) : Object.keys(value)
  return String(value ?? '')
    .split(',')
    .map((one) => one.trim())
    .map((one) => (one.startsWith('arn:') ? one : (one.split('=')[0] ?? '')))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
