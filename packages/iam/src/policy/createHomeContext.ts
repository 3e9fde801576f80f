import type { AuthorizationRequest } from './AuthorizationRequest.js'
import * as RequestContext from './RequestContext.js'

// Keys that AWS leaves out of requests of the kind that reach a home: it is in
// no organisation and behind no endpoint. Tags that a principal has are given.
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

/** What a home knows of a request: more than the request itself says. */
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
      // A home listens on loopback in the place of AWS's TLS endpoint.
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
