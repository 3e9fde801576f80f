import type { Finding, KeyFacts } from '@keyward/iam/review'
import {
  Caller,
  collectCallers,
  type KeyPolicy,
  label,
} from '@keyward/iam/review'
import type { AwsConnection } from '../aws/connectAws.js'

/**
 * Roles and users that the policy names, including in its conditions, but that
 * IAM doesn't know. A caller who can't query IAM gets no findings here; for
 * most deleted principals, KMS itself shows an id instead of the ARN.
 */
export async function danglingPrincipals(
  connection: AwsConnection,
  policy: KeyPolicy.KeyPolicy,
  key: KeyFacts.KeyFacts,
): Promise<string[]> {
  const named = collectCallers([policy], key).flatMap(
    ({ kind, name, account }) =>
      (kind === 'role' || kind === 'user') && account === key.account
        ? (name ?? [])
        : [],
  )
  if (named.length === 0) return []
  const sdk = await import('@aws-sdk/client-iam')
  const iam = connection.open(
    class extends sdk.IAMClient {
      constructor(config: ConstructorParameters<typeof sdk.IAMClient>[0]) {
        // The result is only a hint, so it isn't worth waiting for.
        super({ ...config, maxAttempts: 1 })
      }
    },
  )
  const gone: string[] = []
  try {
    for (const arn of named) {
      const name = arn.slice(arn.lastIndexOf('/') + 1)
      const abortSignal = AbortSignal.timeout(3000)
      const found = await (Caller.named(arn)?.kind === 'role'
        ? iam
            .send(new sdk.GetRoleCommand({ RoleName: name }), { abortSignal })
            .then(({ Role }) => Role?.Arn)
        : iam
            .send(new sdk.GetUserCommand({ UserName: name }), { abortSignal })
            .then(({ User }) => User?.Arn)
      ).catch((error: Error) => {
        if (error.name !== 'NoSuchEntityException') throw error
        return undefined
      })
      if (found !== arn) gone.push(arn)
    }
    return gone
  } catch {
    return []
  }
}

/** Lists the dangling principals with the statements that name them. */
export function describeDangling(
  gone: readonly string[],
  { statements }: KeyPolicy.KeyPolicy,
): Finding.Finding[] {
  return gone.flatMap((arn): Finding.Finding[] => {
    const by = statements.filter(({ json }) =>
      JSON.stringify(json).includes(`"${arn}"`),
    )
    if (by.length === 0) return []
    return [
      {
        code: 'principal-gone',
        severity: 'medium',
        summary: `The policy names ${arn}, which does not exist in IAM.`,
        risk:
          'Anyone who is allowed to create roles or users could create one ' +
          'with this ARN, and the policy would then apply to it.',
        remedy:
          'Replace the ARN with that of the role or user that has this task now.',
        who: [arn],
        statements: by.map(label),
      },
    ]
  })
}
