import { AwsError } from '../protocol/Service.js'
import { authorizeKey } from './authorizeCall.js'
import type { Key } from './Key.js'
import type { Call } from './KmsContext.js'

const maximumBytes = 32 * 1024

/** What AWS attaches to a key that comes without a policy. */
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
 * Checks a policy's form and, unless bypassed, that the caller could change
 * it again.
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
  const document = parse(policy)
  if (!isObject(document)) throw malformed('The policy is not a JSON object.')
  refuseOthers(document, ['Version', 'Id', 'Statement'], 'policy')
  const { Version, Statement } = document
  if (
    Version !== undefined &&
    Version !== '2012-10-17' &&
    Version !== '2008-10-17'
  )
    throw malformed('The policy has an unknown Version.')
  const statements = Array.isArray(Statement) ? Statement : [Statement]
  if (statements.length === 0 || !statements.every(isObject))
    throw malformed('The policy has no Statement.')
  for (const statement of statements) assertStatement(statement)
  const sids = statements.flatMap(({ Sid }) => (Sid === undefined ? [] : [Sid]))
  if (new Set(sids).size !== sids.length)
    throw malformed('The policy has two statements of the same Sid.')
}

const pairs = ['Principal', 'Action', 'Resource'] as const

const assertStatement = (statement: Record<string, unknown>): void => {
  const names = pairs.flatMap((name) => [name, `Not${name}`])
  refuseOthers(statement, ['Sid', 'Effect', 'Condition', ...names], 'statement')
  const { Effect, Condition } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny')
    throw malformed('A statement has an Effect that is not Allow or Deny.')
  for (const name of pairs) {
    const has = name in statement
    if (has === `Not${name}` in statement)
      throw malformed(`A statement needs one of ${name} and Not${name}.`)
    const value = statement[has ? name : `Not${name}`]
    const fits = name === 'Principal' ? isPrincipal(value) : isStrings(value)
    if (!fits) throw malformed(`A statement has a wrong ${name}.`)
  }
  if (
    Condition !== undefined &&
    !(isObject(Condition) && Object.values(Condition).every(isObject))
  )
    throw malformed('A statement has a wrong Condition.')
}

const isPrincipal = (value: unknown): boolean =>
  value === '*' ||
  (isObject(value) &&
    Object.entries(value).length > 0 &&
    Object.entries(value).every(
      ([type, names]) =>
        ['AWS', 'Service', 'Federated', 'CanonicalUser'].includes(type) &&
        isStrings(names),
    ))

const isStrings = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') ||
  (Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => typeof item === 'string' && item !== ''))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const refuseOthers = (
  value: Record<string, unknown>,
  allowed: readonly string[],
  what: string,
): void => {
  const other = Object.keys(value).find((name) => !allowed.includes(name))
  if (other !== undefined)
    throw malformed(`The ${what} has an unknown element ${other}.`)
}

const parse = (policy: string): unknown => {
  try {
    return JSON.parse(policy)
  } catch {
    throw malformed('The policy is not valid JSON.')
  }
}

const malformed = (text: string): AwsError =>
  new AwsError('MalformedPolicyDocumentException', text)
