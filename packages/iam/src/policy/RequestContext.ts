import { createHash } from 'node:crypto'
import type { AuthorizationRequest } from './AuthorizationRequest.js'
import type { Principal } from './Principal.js'

/**
 * What a request says about a condition key: its values, that it has none, or
 * that this home can't tell.
 */
export type RequestContext = (key: string) => readonly string[] | 'unknown'

// Keys that AWS leaves out of requests of the kind that reach a home: it is
// in no organisation, behind no endpoint, and its principals have no tags.
const absent = [
  'aws:calledvia',
  'aws:calledviafirst',
  'aws:calledvialast',
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalservicename',
  'aws:principalservicenameslist',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceidentity',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:username',
  'aws:vpcsourceip',
  'lambda:sourcefunctionarn',
]
// Keys a service gives with the requests that have them.
const absentOf: Readonly<Record<string, readonly string[]>> = {
  kms: [
    'bypasspolicylockoutsafetycheck',
    'customermasterkeyspec',
    'customermasterkeyusage',
    'datakeypairspec',
    'encryptionalgorithm',
    'encryptioncontextkeys',
    'expirationmodel',
    'grantisforawsresource',
    'granteeprincipal',
    'keyagreementalgorithm',
    'keyorigin',
    'keyspec',
    'keyusage',
    'macalgorithm',
    'messagetype',
    'multiregion',
    'multiregionkeytype',
    'primaryregion',
    'reencryptonsamekey',
    'replicaregion',
    'requestalias',
    'retiringprincipal',
    'rotationperiodindays',
    'schedulekeydeletionpendingwindowindays',
    'signingalgorithm',
    'validto',
    'viaservice',
    'wrappingalgorithm',
    'wrappingkeyspec',
  ].map((name) => `kms:${name}`),
  cloudformation: [
    'changesetname',
    'importresourcetypes',
    'resourcetypes',
    'rolearn',
    'stackpolicyurl',
    'templateurl',
  ].map((name) => `cloudformation:${name}`),
  iam: ['associatedresourcearn', 'passedtoservice'].map(
    (name) => `iam:${name}`,
  ),
  sts: ['externalid', 'rolesessionname', 'sourceidentity'].map(
    (name) => `sts:${name}`,
  ),
  lambda: ['lambda:functionurlauthtype', 'lambda:invokedviafunctionurl'],
}
const absentPrefixes: Readonly<Record<string, readonly string[]>> = {
  kms: [
    'aws:resourcetag/',
    'aws:requesttag/',
    'kms:encryptioncontext:',
    'kms:recipientattestation:',
  ],
}

/** Collects the condition keys of a request; their names have no case. */
export function create(
  request: AuthorizationRequest,
  now: number,
): RequestContext {
  const given = new Map<string, readonly string[]>()
  const add = (name: string, value: string | readonly string[]) => {
    const key = name.toLowerCase()
    const before = given.get(key) ?? []
    // Two tags may differ in case only; then the key has both values.
    given.set(key, [
      ...before,
      ...(typeof value === 'string' ? [value] : value),
    ])
  }
  for (const [name, value] of Object.entries(request.context ?? {}))
    add(name, value)
  for (const [name, value] of Object.entries(ofPrincipal(request.principal)))
    add(name, value)
  const [, , , region, resourceAccount] = request.resource.split(':')
  if (region) add('aws:RequestedRegion', region)
  if (resourceAccount) add('aws:ResourceAccount', resourceAccount)
  add('aws:CurrentTime', new Date(now).toISOString())
  add('aws:EpochTime', String(Math.floor(now / 1000)))
  // A home listens on loopback in the place of AWS's TLS endpoint.
  add('aws:SecureTransport', 'true')
  add('aws:ViaAWSService', 'false')

  const service = request.action.split(':')[0] ?? ''
  const isAbsent = (key: string) =>
    absent.includes(key) ||
    absentOf[service]?.includes(key) ||
    key.startsWith('aws:principaltag/') ||
    absentPrefixes[service]?.some((prefix) => key.startsWith(prefix))
  return (name) => {
    const key = name.toLowerCase()
    return given.get(key) ?? (isAbsent(key) ? [] : 'unknown')
  }
}

function ofPrincipal(principal: Principal): Record<string, string> {
  const { arn, account, roleArn, service, sourceFunctionArn } = principal
  if (service !== undefined)
    return {
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': service,
      ...(principal.sourceArn !== undefined && {
        'aws:SourceArn': principal.sourceArn,
        'aws:SourceAccount': account,
      }),
    }
  const common = {
    'aws:PrincipalAccount': account,
    'aws:PrincipalIsAWSService': 'false',
    ...(sourceFunctionArn === undefined
      ? {}
      : { 'lambda:SourceFunctionArn': sourceFunctionArn }),
  }
  const ofCaller = { ...common, 'aws:userid': toUserId(principal) }
  if (arn.endsWith(':root'))
    return {
      ...ofCaller,
      'aws:PrincipalArn': arn,
      'aws:PrincipalType': 'Account',
    }
  if (arn.includes(':user/'))
    return {
      ...ofCaller,
      'aws:PrincipalArn': arn,
      'aws:PrincipalType': 'User',
      'aws:username': lastPart(arn),
    }
  return {
    ...ofCaller,
    'aws:PrincipalArn': roleArn ?? toRoleArn(arn),
    'aws:PrincipalType': 'AssumedRole',
  }
}

/** The unique id of who calls, as `aws:userid` and STS tell it. */
export function toUserId({ arn, account, roleArn }: Principal): string {
  if (arn.endsWith(':root')) return account
  if (arn.includes(':user/')) return toUniqueId('AIDA', arn)
  const role = roleArn ?? toRoleArn(arn)
  // What holds a role's own credentials is in a session of no name.
  return `${toUniqueId('AROA', role)}:${role === arn ? '' : lastPart(arn)}`
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** The role of a session, if it has no path; a role's own ARN as it is. */
export function toRoleArn(arn: string): string {
  return arn.replace(
    /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/.*$/,
    'arn:$1:iam::$2:role/$3',
  )
}

/** In AWS's form; of the same principal always the same. */
function toUniqueId(prefix: string, arn: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const hash = createHash('sha256').update(arn).digest()
  return (
    prefix + Array.from(hash.subarray(0, 17), (b) => digits[b % 32]).join('')
  )
}
