// Excludes * and ?, which are wildcards when ARNs are compared.
const userOrRole =
  /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/

/** Whether this is the ARN of an IAM role or user. Only these are allowed. */
export function isUserOrRole(arn: string): boolean {
  return userOrRole.test(arn)
}

/** Whether this is the role that CDK's bootstrap created for CloudFormation. */
export function isExecutionRole(arn: string): boolean {
  return /:role\/cdk-[a-z0-9]+-cfn-exec-role-/.test(arn)
}

/**
 * Checks that nobody who can sign can also change, import or destroy the key.
 *
 * @throws Error naming the principal and both roles.
 */
export function assertDisjoint(
  users: readonly string[],
  others: Readonly<Record<string, readonly string[]>>,
): void {
  // Compares in lower case, because IAM never has two roles whose names differ
  // only in case.
  const signing = new Set(users.map((arn) => arn.toLowerCase()))
  for (const [name, arns] of Object.entries(others))
    for (const arn of arns)
      if (signing.has(arn.toLowerCase()))
        throw new Error(
          `${arn} is in both users and ${name}. A principal that signs must not also administer, import or destroy the key. Remove it from one of the two lists.`,
        )
}
