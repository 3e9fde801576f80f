import { Token } from 'aws-cdk-lib'

const userOrRole =
  /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/[\w+=,.@/-]{1,512}$/

/**
 * Checks the ARNs of one role of the key.
 *
 * Only IAM roles and users are taken: `*`, the account root and what is not
 * known at synth would let in people whom nobody named.
 *
 * @param name - Of the property, for the message.
 * @throws Error
 */
export function assertPrincipals(name: string, arns: readonly string[]): void {
  for (const arn of arns) {
    if (Token.isUnresolved(arn))
      throw new Error(
        `${name}: an ARN that is known only at deployment is refused, since it cannot be compared with the other roles. Write the ARN of an IAM role or user out.`,
      )
    if (!userOrRole.test(arn))
      throw new Error(
        `${name}: ${JSON.stringify(arn.slice(0, 80))} is refused. Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/key-admin; neither *, an account, its root, nor an assumed-role session.`,
      )
  }
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
  for (const [name, arns] of Object.entries(others))
    for (const arn of arns)
      if (users.includes(arn))
        throw new Error(
          `${arn} is in users and in ${name}. Who signs must not also administer, import or destroy the key: take it out of one of them.`,
        )
}
