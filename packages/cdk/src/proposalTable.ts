import { itemWrites, proposalPolicyDocument } from '@keyward/iam/ledger-policy'
import { type aws_dynamodb as dynamodb, aws_iam as iam } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { createClosedTable } from './closedTable.js'
import { useTableKey } from './customerKeys.js'
import { assertCustomerKey } from './environment.js'

/**
 * What is proposed to a Safe, and the signatures of its owners. It stays when
 * the stack goes: signatures are valid for as long as the Safe's nonce stands.
 */
export function createProposals(
  scope: Construct,
  keyArn: string | undefined,
): dynamodb.TableV2 {
  if (keyArn !== undefined) assertCustomerKey('proposalKeyArn', keyArn)
  return createClosedTable(scope, 'Proposals', { keyArn })
}

/** Whoever reads signatures can execute, so it is closed to all but these. */
export function closeProposals(
  table: dynamodb.TableV2,
  users: readonly string[],
): void {
  const { Statement } = proposalPolicyDocument({ users })
  for (const statement of Statement)
    table.addToResourcePolicy(iam.PolicyStatement.fromJson(statement))
}

/** Done from inside the functions only: what they read is what they guard. */
export const boundToFunctions: readonly string[] = [
  'dynamodb:GetItem',
  'dynamodb:Query',
  ...itemWrites,
]

/** A co-signer adds its signature to what is proposed, and proposes nothing. */
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
