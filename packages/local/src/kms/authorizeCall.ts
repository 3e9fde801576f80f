import { type Key, keySpec } from './Key.js'
import type { Call } from './KmsContext.js'

/**
 * The condition keys of a request by their full names, taken from the request's
 * members.
 */
export type Conditions = Record<string, string | number | boolean | undefined>

/**
 * The only place in which KMS checks the policies. A key has its own policy.
 */
export const authorizeKey = (
  call: Call,
  key: Key,
  conditions: Conditions = {},
): void =>
  ask(call, key.arn, key.policy, {
    'kms:KeySpec': keySpec,
    'kms:KeyUsage': 'SIGN_VERIFY',
    'kms:KeyOrigin': key.origin,
    'kms:MultiRegion': false,
    ...prefixed('aws:ResourceTag/', key.tags),
    ...conditions,
  })

/** The resource, if it isn't a key: the ARN of an alias, or `*`. */
export const authorizeResource = (
  call: Call,
  resource: string,
  conditions: Conditions = {},
): void => ask(call, resource, undefined, conditions)

export const requestTags = (tags: Record<string, string>): Conditions =>
  prefixed('aws:RequestTag/', tags)

const ask = (
  call: Call,
  resource: string,
  resourcePolicy: string | undefined,
  conditions: Conditions,
): void =>
  call.kms.authorize({
    principal: call.principal,
    action: `kms:${call.operation}`,
    resource,
    resourcePolicy,
    context: toContext({
      'kms:CallerAccount': call.principal.account,
      ...conditions,
    }),
  })

const toContext = (conditions: Conditions): Record<string, string> => {
  const context: Record<string, string> = {}
  for (const [name, value] of Object.entries(conditions))
    if (value !== undefined) context[name] = String(value)
  return context
}

const prefixed = (prefix: string, tags: Record<string, string>): Conditions =>
  Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [prefix + name, value]),
  )
