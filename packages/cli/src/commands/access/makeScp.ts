import { InputError } from '@keyward/core/errors'
import { serviceControlPolicy } from '@keyward/iam/scp'
import type { Result } from '../../output/Result.js'

export type ScpOptions = {
  restoreRole: string | undefined
  ledgerWriters: readonly string[]
  tables: readonly string[]
  bootstrapQualifiers: readonly string[]
}

/** What AWS Organizations takes. */
const maxLength = 5120

/** Prints the service control policy, adapted to an account. Calls nothing. */
export function accessScp(options: ScpOptions): Result {
  const policy = serviceControlPolicy(options)
  const text = JSON.stringify(policy, null, 2)
  const { length } = JSON.stringify(policy)
  if (length > maxLength)
    throw new InputError('The policy would be too long.', {
      details: `It would have ${length} characters, and AWS takes ${maxLength}. Name fewer writers and tables.`,
    })
  return { data: policy, text }
}
