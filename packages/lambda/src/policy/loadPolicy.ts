import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Guard, GuardOptions } from '@keyward/guard'
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
export async function loadPolicy(config: PolicyConfig): Promise<Guard> {
  const { sha256, folder = new URL('.', import.meta.url), ...settings } = config
  const text = await readFile(new URL('policy.json', folder), 'utf8')
  const found = createHash('sha256').update(text).digest('hex')
  if (found !== sha256) throw new PolicyMismatchError(found, sha256)
  const { open }: PolicyModule = await import(
    new URL('policy.mjs', folder).href
  )
  return open(text, settings)
}
