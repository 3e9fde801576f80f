// Without * and ?, which are wildcards where ARNs are compared.
const userOrRole =
  /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/

/** Whether this is the ARN of an IAM role or user, which alone may be named. */
export function isUserOrRole(arn: string): boolean {
  return userOrRole.test(arn)
}

/** Whether CDK's bootstrap made the role for CloudFormation to act as. */
export function isExecutionRole(arn: string): boolean {
  return /:role\/cdk-[a-z0-9]+-cfn-exec-role-/.test(arn)
}

/**
 * Whoever can sign must not also be able to change, import or destroy the key.
 *
 * @throws Error naming the principal and both roles.
 */
export function assertDisjoint(
  users: readonly string[],
  others: Readonly<Record<string, readonly string[]>>,
): void {
  // IAM has no two roles whose names differ in case only.
  const signing = new Set(users.map((arn) => arn.toLowerCase()))
  for (const [name, arns] of Object.entries(others))
    for (const arn of arns)
      if (signing.has(arn.toLowerCase()))
        throw new Error(
          `${arn} is in users and in ${name}. Who signs must not also administer, import or destroy the key: take it out of one of them.`,
        )
}
