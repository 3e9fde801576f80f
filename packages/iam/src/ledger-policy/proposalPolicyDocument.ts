import {
  deletions,
  denyOthers,
  itemWrites,
  type LedgerPolicyDocument,
} from './ledgerPolicyDocument.js'

/** The principals that read and write the table of a multisig's proposals. */
export type ProposalTableUsers = {
  /** ARNs of the roles of the coordinator and the co-signers. */
  users: readonly string[]
}

/**
 * Every action that reads an item. Any item may hold signatures that are still
 * valid.
 */
export const itemReads = [
  'dynamodb:BatchGetItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:GetItem',
  'dynamodb:PartiQLSelect',
  'dynamodb:Query',
  'dynamodb:Scan',
] as const

/** Every action that copies the items elsewhere. */
const copies = [
  'dynamodb:CreateBackup',
  'dynamodb:ExportTableToPointInTime',
  'dynamodb:RestoreTableToPointInTime',
] as const

/**
 * The resource policy of the table of proposals. Only the coordinator and the
 * co-signers write and, unlike with a ledger, read. Nobody deletes or copies.
 * Reading is restricted because anybody with enough signatures can execute a
 * proposal, even a rejected one.
 *
 * @throws Error if there is no user, because then nobody could ever use the
 * table again.
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
