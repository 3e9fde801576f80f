import { toUserId } from '@keyward/iam/policy'
import { Principals } from '@keyward/iam/principals'
import {
  optionalStructures,
  optionalText,
  type QueryInput,
  type QueryOperation,
  requiredText,
} from '../../protocol/awsQuery.js'
import { AwsError } from '../../protocol/Service.js'
import type { StsContext } from '../StsContext.js'

/**
 * Returns the credentials of a role's session, for callers that the role
 * trusts.
 */
export const AssumeRole: QueryOperation<StsContext> = (
  { authorize, trustPolicyOf, assumeRole },
  input,
  { principal },
) => {
  const roleArn = requiredText(input, 'RoleArn')
  const sessionName = requiredText(input, 'RoleSessionName')
  const externalId = optionalText(input, 'ExternalId')
  const durationS = readDuration(input, principal.roleArn !== undefined)
  assertArn(roleArn)
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName))
    throw invalid(
      `Value '${sessionName.slice(0, 80)}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*, and have from 2 to 64 characters`,
    )
  refuseNarrowing(input)
  if (principal.arn.endsWith(':root'))
    throw new AwsError(
      'AccessDeniedException',
      'Roles may not be assumed by root accounts.',
      403,
    )
  authorize({
    principal,
    action: 'sts:AssumeRole',
    resource: roleArn,
    // A missing role trusts no one, and the error text is the same.
    resourcePolicy: JSON.stringify(trustPolicyOf(roleArn) ?? {}),
    context: {
      'sts:RoleSessionName': sessionName,
      ...(externalId !== undefined && { 'sts:ExternalId': externalId }),
    },
  })
  const issued = assumeRole({ roleArn, sessionName, durationS })
  const arn = Principals.toSessionArn(roleArn, sessionName)
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: new Date(issued.expiresAt).toISOString().replace(/\.\d+/, ''),
    },
    AssumedRoleUser: {
      AssumedRoleId: toUserId({ arn, account: principal.account, roleArn }),
      Arn: arn,
    },
  }
}

function assertArn(roleArn: string): void {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]+$/.test(roleArn))
    throw new AwsError('ValidationError', `${roleArn.slice(0, 80)} is invalid`)
}

function readDuration(input: QueryInput, isChained: boolean): number {
  const text = optionalText(input, 'DurationSeconds') ?? '3600'
  const seconds = Number(text)
  if (!/^\d{1,9}$/.test(text) || seconds < 900 || seconds > 43_200)
    throw invalid(
      `Value '${text.slice(0, 80)}' at 'durationSeconds' failed to satisfy constraint: Member must have value from 900 to 43200`,
    )
  if (seconds <= 3600) return seconds
  throw new AwsError(
    'ValidationError',
    isChained
      ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'
      : 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

/**
 * Options that limit a session. Ignoring them would grant more access than was
 * requested.
 */
function refuseNarrowing(input: QueryInput): void {
  const given = [
    'Policy',
    'SerialNumber',
    'SourceIdentity',
    'TokenCode',
  ].filter((name) => optionalText(input, name) !== undefined)
  for (const name of ['PolicyArns', 'ProvidedContexts', 'Tags'])
    if (optionalStructures(input, name).length > 0) given.push(name)
  if (given.length > 0)
    throw new AwsError(
      'ValidationError',
      `Leave out ${given.join(', ')}, which the local home doesn't support for sessions.`,
    )
}

function invalid(text: string) {
  return new AwsError('ValidationError', `1 validation error detected: ${text}`)
}
