import { isUserOrRole } from '@keyward/iam/key-policy'
import { quote } from '@keyward/iam/quote'
import { type aws_iam as iam, Token } from 'aws-cdk-lib'

/**
 * An IAM role or user: its ARN, or a construct with a literal ARN, such as
 * `iam.Role.fromRoleArn(...)` or `new iam.ArnPrincipal(...)`.
 */
export type KeyPrincipal = string | iam.ArnPrincipal | iam.IRole | iam.IUser

/**
 * The ARNs of one role of the key.
 *
 * Only IAM roles and users are accepted. `*`, the account root and ARNs unknown
 * at synth could include principals that nobody named.
 *
 * @param name - Name of the property, for the message.
 * @throws Error
 */
export function toArns(
  name: string,
  principals: readonly KeyPrincipal[],
): string[] {
  return principals.map((principal) => toArn(name, principal))
}

/** @throws Error */
export function toArn(name: string, principal: KeyPrincipal): string {
  const arn = arnOf(principal)
  if (Token.isUnresolved(arn))
    throw new Error(
      `${name}: an ARN that is known only at deployment can't be compared with other ARNs. Use the literal ARN of an IAM role or user.`,
    )
  if (typeof arn === 'string' && isUserOrRole(arn)) return arn
  const came = typeof arn === 'string' ? quote(arn) : ''
  throw new Error(
    `${name}: ${came || 'a principal without an ARN'} is not allowed. Allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/key-admin. The value *, an AWS account, its root user and a role's session are not accepted.`,
  )
}

function arnOf(principal: KeyPrincipal): string | undefined {
  if (typeof principal === 'string') return principal
  const { arn, roleArn, userArn } = principal as Partial<
    iam.ArnPrincipal & iam.IRole & iam.IUser
  >
  return roleArn ?? userArn ?? arn
}
