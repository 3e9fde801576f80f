import { InputError, quote } from '@keyward/core/errors'
import { isUserOrRole } from '@keyward/iam/key-policy'
import { serviceControlPolicy } from '@keyward/iam/scp'
import { LedgerTable } from '@keyward/toolkit/ledger'
import type { Result } from '../../output/Result.js'

export type ScpOptions = {
  restoreRole?: string
  ledgerWriter: readonly string[]
  table: readonly string[]
}

/** What AWS Organizations takes. */
const maxLength = 5120

/** Prints the service control policy, adapted to an account. Calls nothing. */
export function accessScp(options: ScpOptions): Result {
  const { restoreRole, ledgerWriter, table } = options
  if (restoreRole !== undefined) assertRole('--restore-role', restoreRole)
  for (const arn of ledgerWriter) assertRole('--ledger-writer', arn)
  for (const name of table) LedgerTable.assertName(name)
  const policy = serviceControlPolicy({
    restoreRole,
    ledgerWriters: ledgerWriter,
    tables: table,
  })
  const text = JSON.stringify(policy, null, 2)
  const { length } = JSON.stringify(policy)
  if (length > maxLength)
    throw new InputError('The policy would be too long.', {
      details: `It would have ${length} characters, and AWS takes ${maxLength}. Name fewer writers and tables.`,
    })
  return { data: policy, text }
}

/** @throws InputError */
function assertRole(flag: string, arn: string): void {
  if (isUserOrRole(arn)) return
  throw new InputError(`${flag} ${quote(arn)} is not a role or user.`, {
    details:
      'Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/restore.',
  })
}
