import { BaseError } from '@keyward/core/errors'

/** KMS rejected the policy of a new or existing key. */
export class KeyPolicyRefusedError extends BaseError {
  override readonly name = 'KeyPolicyRefusedError'

  /** Converts KMS's refusal of a policy; returns other errors unchanged. */
  static from(error: unknown): unknown {
    const { name, message } = error as Error
    if (
      name !== 'MalformedPolicyDocumentException' &&
      !(name === 'LimitExceededException' && /polic/i.test(message))
    )
      return error
    return new KeyPolicyRefusedError(explain(message), error)
  }

  constructor(details: string, cause?: unknown) {
    super('key-policy-refused', 'KMS refused the key policy.', {
      details,
      cause,
    })
  }
}

function explain(message: string): string {
  if (/invalid principals/i.test(message))
    return `One of the roles or users in the policy does not exist. All of them must exist in IAM when the policy is set. Check the AWS account, the path and the letter case (aws iam get-role). If the role was just created, wait a few seconds. KMS said: ${message}`
  if (/not allow you to update the key policy/i.test(message))
    return `With this policy, you could not change it again, and KMS refuses such a policy. Add yourself with --admin or --deployer. KMS said: ${message}`
  if (/maximum size/i.test(message))
    return `The policy is too long. A policy can have up to 32 KiB, which is enough for several hundred names. Pass fewer roles. KMS said: ${message}`
  return `KMS said: ${message}`
}
