import { itemWrites, proposalPolicyDocument } from '@keyward/iam/ledger-policy'
import { type aws_dynamodb as dynamodb, aws_iam as iam } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { createClosedTable } from './closedTable.js'
import { useTableKey } from './customerKeys.js'
import { assertCustomerKey } from './environment.js'

/**
 * The table of a Safe's proposals and its owners' signatures. It outlives the
 * stack, because signatures stay valid until the Safe's nonce changes.
 */
export function createProposals(
  scope: Construct,
  keyArn: string | undefined,
): dynamodb.TableV2 {
  if (keyArn !== undefined) assertCustomerKey('proposalKeyArn', keyArn)
  return createClosedTable(scope, 'Proposals', { keyArn })
}

/**
 * Lets only these principals access the table, because anybody who reads the
 * signatures can execute a proposal.
 */
export function closeProposals(
  table: dynamodb.TableV2,
  users: readonly string[],
): void {
  const { Statement } = proposalPolicyDocument({ users })
  for (const statement of Statement)
    table.addToResourcePolicy(iam.PolicyStatement.fromJson(statement))
}

/**
 * Actions allowed only from inside the functions, because reading must be
 * protected too.
 */
export const boundToFunctions: readonly string[] = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  ...itemWrites,
]

/**
 * Lets a function use the table. A co-signer adds its signature to proposals,
 * but proposes nothing.
 */
export function useProposals(
  table: dynamodb.TableV2,
  kind: 'coordinator' | 'cosigner',
  keyArn: string | undefined,
): iam.PolicyStatement[] {
  const more = kind === 'coordinator' ? ['Query', 'PutItem'] : []
  return [
    new iam.PolicyStatement({
      sid: 'UseProposals',
      actions: ['GetItem', 'UpdateItem', ...more].map(
        (name) => `dynamodb:${name}`,
      ),
      resources: [table.tableArn],
    }),
    ...useTableKey('UseProposalKey', keyArn),
  ]
}
