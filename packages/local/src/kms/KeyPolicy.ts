import { assertEnforceable, Policy, PolicyError } from '@keyward/iam/policy'
import { AwsError } from '../protocol/Service.js'
import { authorizeKey } from './authorizeCall.js'
import type { Key } from './Key.js'
import type { Call } from './KmsContext.js'

const maximumBytes = 32 * 1024

/** The policy that AWS attaches to a key that is created without one. */
export const defaultPolicy = (accountId: string): string =>
  `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::${accountId}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`

/**
 * Checks a policy's form and, unless the check is bypassed, that the caller
 * could change the policy again.
 *
 * @throws AwsError MalformedPolicyDocumentException, LimitExceededException
 */
export const assertKeyPolicy = (
  call: Call,
  key: Key,
  bypassLockoutCheck: boolean,
): void => {
  if (Buffer.byteLength(key.policy) > maximumBytes)
    throw new AwsError(
      'LimitExceededException',
      `The key policy exceeds the maximum size of ${maximumBytes} bytes.`,
    )
  assertDocument(key.policy)
  if (bypassLockoutCheck) return
  try {
    authorizeKey({ ...call, operation: 'PutKeyPolicy' }, key, {
      'kms:BypassPolicyLockoutSafetyCheck': false,
    })
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw malformed(
      'The new key policy will not allow you to update the key policy in the future.',
    )
  }
}

const assertDocument = (policy: string): void => {
  try {
    assertEnforceable(Policy.parse(policy, 'resource'))
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw malformed(error.shortMessage)
  }
}

const malformed = (text: string): AwsError =>
  new AwsError('MalformedPolicyDocumentException', text)
