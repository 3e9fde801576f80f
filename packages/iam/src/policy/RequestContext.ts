import type { AuthorizationRequest } from './AuthorizationRequest.js'
import type { Principal } from './Principal.js'
import { toRoleArn, toUserId } from './principalIds.js'
import type { Unseen } from './Unseen.js'

/**
 * Returns what is known about a condition key in a request: its values,
 * possibly none; a pattern that its only value matches; or nothing. Keys are
 * case-insensitive.
 */
export type RequestContext = (
  key: string,
) => readonly string[] | Unseen | 'unknown'

/**
 * Creates the context from a request's keys. An empty list means that the
 * request lacks the key.
 */
export function create(
  request: Pick<AuthorizationRequest, 'principal' | 'resource' | 'context'>,
): RequestContext {
  const given = new Map<string, readonly string[]>()
  const add = (name: string, value: string | readonly string[]) => {
    const key = name.toLowerCase()
    const before = given.get(key) ?? []
    // If two tags differ only in case, the key has both values.
    given.set(key, [...before, ...[value].flat()])
  }
  for (const [name, value] of Object.entries(request.context ?? {}))
    add(name, value)
  for (const [name, value] of Object.entries(ofPrincipal(request.principal)))
    add(name, value)
  const [, , , region, resourceAccount] = request.resource.split(':')
  if (region) add('aws:RequestedRegion', region)
  if (resourceAccount) add('aws:ResourceAccount', resourceAccount)
  return (name) => given.get(name.toLowerCase()) ?? 'unknown'
}

function ofPrincipal(
  principal: Principal,
): Record<string, string | readonly string[]> {
  const { arn, account, roleArn, service, sourceFunctionArn, tags } = principal
  if (service !== undefined)
    return {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': service,
      ...(principal.sourceArn !== undefined && {
        'aws:SourceArn': principal.sourceArn,
        'aws:SourceAccount': account,
      }),
    }
  const [type, ofType] = typeOf(arn)
  return {
    'aws:PrincipalAccount': account,
    'aws:PrincipalArn': roleArn ?? toRoleArn(arn),
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalServiceName': [],
    'aws:PrincipalType': type,
    'aws:userid': toUserId(principal),
    'aws:username': [],
    ...ofType,
    ...Object.fromEntries(
      Object.entries(tags ?? {}).map(([key, value]) => [
        `aws:PrincipalTag/${key}`,
        value,
      ]),
    ),
    ...(sourceFunctionArn !== undefined && {
      'lambda:SourceFunctionArn': sourceFunctionArn,
    }),
  }
}

function typeOf(arn: string): [type: string, more?: Record<string, string>] {
  if (arn.endsWith(':root')) return ['Account']
  if (arn.includes(':federated-user/')) return ['FederatedUser']
  if (!arn.includes(':user/')) return ['AssumedRole']
  return ['User', { 'aws:username': arn.slice(arn.lastIndexOf('/') + 1) }]
}
