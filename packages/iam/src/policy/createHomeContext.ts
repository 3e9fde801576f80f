import type { AuthorizationRequest } from './AuthorizationRequest.js'
import * as RequestContext from './RequestContext.js'

// Keys that AWS leaves out of the requests that a home receives: a home is not
// in an organization and not behind a VPC endpoint. The list includes a
// principal's tags.
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
// Keys that only a service supplies, with the requests that have them.
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

/** All that a home knows about a request, beyond the request itself. */
export function createHomeContext(
  request: AuthorizationRequest,
  now: number,
): RequestContext.RequestContext {
  const ofRequest = RequestContext.create({
    ...request,
    context: {
      ...request.context,
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': String(Math.floor(now / 1000)),
      // A home listens on loopback instead of AWS's TLS endpoint.
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': 'false',
    },
  })
  const service = request.action.split(':')[0] ?? ''
  const isAbsent = (key: string) =>
    absent.includes(key) ||
    absentOf[service]?.includes(key) ||
    key.startsWith('aws:principaltag/') ||
    absentPrefixes[service]?.some((prefix) => key.startsWith(prefix))
  return (name) => {
    const known = ofRequest(name)
    return known === 'unknown' && isAbsent(name.toLowerCase()) ? [] : known
  }
}
