import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { GuardOptions, SigningGuard } from '@keyward/guard'
import { PolicyMismatchError } from './PolicyMismatchError.js'
import type { PolicyModule } from './PolicyModule.js'

/** Information about the policy that a function was deployed with. */
export type PolicyConfig = {
  /** SHA-256 of the policy's text, from the environment. */
  sha256: string
  /** Name of the windows' table. */
  tableName: string | undefined
  getAccount: GuardOptions['getAccount']
  /** Folder of the policy. @default the function's folder */
  folder?: URL
}

/** @throws PolicyMismatchError, or the policy's own errors */
export async function loadPolicy<guard extends SigningGuard>(
  config: PolicyConfig,
): Promise<guard> {
  const { folder = new URL('.', import.meta.url), sha256, ...settings } = config
  const bundle = new URL('policy.mjs', folder)
  const [text, code] = await Promise.all([
    readFile(new URL('policy.json', folder), 'utf8'),
    readFile(bundle),
  ])
  const found = hash(text)
  if (found !== sha256) throw new PolicyMismatchError(found, sha256)
  const { open }: PolicyModule<guard> = await import(bundle.href)
  // Other code may evaluate the same policy differently.
  return open(text, { ...settings, version: `${sha256} ${hash(code)}` })
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
