import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { GuardOptions, SigningGuard } from '@keyward/guard'
import { PolicyMismatchError } from './PolicyMismatchError.js'
import type { PolicyModule } from './PolicyModule.js'

/** What is known of the policy that a function was deployed with. */
export type PolicyConfig = {
  /** Of the policy's text, as the environment has it. */
  sha256: string
  /** Of the windows. */
  tableName: string | undefined
  getAccount: GuardOptions['getAccount']
  /** Where it stands. @default beside the function */
  folder?: URL
}

/** @throws PolicyMismatchError, and what is wrong with the policy */
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
  // Other code may reckon otherwise by the same policy.
  return open(text, { ...settings, version: `${sha256} ${hash(code)}` })
}

function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
