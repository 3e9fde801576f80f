import type { GrantListEntry } from '@aws-sdk/client-kms'
import type {
  Finding,
  KeyFacts,
  KeyPolicy,
  Severity,
} from '@keyward/iam/review'
import { Caller, judge } from '@keyward/iam/review'

/**
 * Grants work without the Allow statements of the policy, but its Deny
 * statements still apply to them.
 */
export function findGrants(
  grants: readonly GrantListEntry[] | undefined,
  policy: KeyPolicy.KeyPolicy,
  key: KeyFacts.KeyFacts,
): Finding.Finding[] {
  if (grants === undefined)
    return [
      {
        code: 'grants-unread',
        severity: 'medium',
        summary: "You have no permission to list the key's grants.",
        risk: 'A grant can let anyone sign, and the policy does not show grants.',
        remedy:
          'Run the check as an administrator of the key, who has kms:ListGrants.',
        who: [],
        statements: [],
      },
    ]
  return grants.map((grant) => describeGrant(grant, policy, key))
}

function describeGrant(
  grant: GrantListEntry,
  policy: KeyPolicy.KeyPolicy,
  key: KeyFacts.KeyFacts,
): Finding.Finding {
  const { Operations = [], GrantId = '', Name } = grant
  const grantee = grant.GranteePrincipal ?? 'an unknown principal'
  const works = Operations.filter(
    (operation) => !isDenied(operation, grantee, policy, key),
  )
  const name = Name ? ` (${JSON.stringify(Name)})` : ''
  const constraints = Object.keys(grant.Constraints ?? {})
  const under =
    constraints.length === 0
      ? ''
      : ` The grant is constrained by ${constraints.join(' and ')}.`
  return {
    code: 'grant',
    severity: severityOf(works),
    summary: `The grant ${GrantId}${name} lets ${grantee} call ${actionsOf(Operations)}.`,
    risk:
      works.length === 0
        ? `A Deny statement in the policy currently blocks everything that the grant allows.${under}`
        : `${grantee} can call ${actionsOf(works)} even if no statement in the policy allows it.${under}`,
    remedy:
      'If the grant is no longer needed, revoke it with keyward access apply or aws kms revoke-grant (needs kms:RevokeGrant).',
    who: [grantee],
    statements: [],
  }
}

/** `kms:A, kms:B and kms:C`. */
function actionsOf(operations: readonly string[]): string {
  return operations
    .map((each) => `kms:${each}`)
    .join(', ')
    .replace(/, ([^,]+)$/, ' and $1')
}

function severityOf(works: readonly string[]): Severity {
  if (works.includes('Sign') || works.includes('CreateGrant')) return 'high'
  return works.length > 0 ? 'medium' : 'low'
}

function isDenied(
  operation: string,
  grantee: string,
  policy: KeyPolicy.KeyPolicy,
  key: KeyFacts.KeyFacts,
): boolean {
  const caller = /amazonaws\.com/.test(grantee)
    ? Caller.service(grantee)
    : Caller.named(grantee)
  if (caller === undefined) return false
  const context: Record<string, string[]> =
    operation === 'Sign'
      ? {
          'kms:signingalgorithm': ['ECDSA_SHA_256'],
          'kms:messagetype': ['DIGEST'],
        }
      : {}
  const request = { action: operation, context }
  return judge(policy.statements, { caller, request, key }).isDenied === 'yes'
}
