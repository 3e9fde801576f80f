// This module has no dependencies, because the command line sets the same
// policy on tables that no stack creates.
export {
  deletions,
  isReplicationRole,
  itemWrites,
  type LedgerPolicyDocument,
  type LedgerPolicyStatement,
  type LedgerWriters,
  ledgerPolicyDocument,
  ledgerPolicySids,
} from './ledgerPolicyDocument.js'
export {
  itemReads,
  type ProposalTableUsers,
  proposalPolicyDocument,
} from './proposalPolicyDocument.js'
