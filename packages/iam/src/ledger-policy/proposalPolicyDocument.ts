import {
  deletions,
  denyOthers,
  itemWrites,
  type LedgerPolicyDocument,
} from './ledgerPolicyDocument.js'

/** Who reads and writes the table of a multisig's proposals. */
export type ProposalTableUsers = {
  /** ARNs of the roles of coordinator and co-signers. */
  users: readonly string[]
}

/** All that reads an item: each may hold signatures that still are valid. */
export const itemReads = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:GetItem',
  'dynamodb:PartiQLSelect',
  'dynamodb:Query',
  'dynamodb:Scan',
] as const

/** All that has the items appear elsewhere. */
const copies = [
  'dynamodb:CreateBackup',
  'dynamodb:ExportTableToPointInTime',
  'dynamodb:RestoreTableToPointInTime',
] as const

/**
 * The resource policy of the table of proposals: only coordinator and
 * co-signers write and, other than of a ledger, read; nobody deletes or copies.
 * Whoever has enough signatures can execute, also what was rejected.
 *
 * @throws Error without a user: nobody could use it ever again.
 */
export function proposalPolicyDocument({
  users,
}: ProposalTableUsers): LedgerPolicyDocument {
  if (users.length === 0)
    throw new Error('A table of proposals needs at least one user.')
  return {
    Version: '2012-10-17',
    Statement: [
      denyOthers(
        'OnlyTheMultisigReadsAndWrites',
        [...itemReads, ...itemWrites],
        users,
      ),
      denyOthers('NobodyDeletesOrCopies', [...deletions, ...copies], []),
    ],
  }
}
