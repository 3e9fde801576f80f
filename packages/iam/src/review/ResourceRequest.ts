/**
 * One request as the resource's policy sees it: an operation, and the
 * condition keys that its members give.
 */
export type ResourceRequest = {
  /** What stands before the colon: `kms` unless it is said. */
  service?: string
  /** Without `kms:`. */
  action: string
  /** By lower-case name; an empty list is a key that the request lacks. */
  context: Readonly<Record<string, readonly string[]>>
}

// Condition keys that only some operations have, by what follows `kms:`. What
// an operation has and a request leaves open may have any value.
const requestKeys: Readonly<Record<string, readonly string[]>> = {
  bypasspolicylockoutsafetycheck: ['CreateKey', 'PutKeyPolicy'],
  datakeypairspec: [
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
  ],
  encryptionalgorithm: ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  expirationmodel: ['ImportKeyMaterial'],
  grantconstraintsourcearn: ['CreateGrant'],
  grantconstrainttype: ['CreateGrant'],
  granteeprincipal: ['CreateGrant'],
  granteeserviceprincipal: ['CreateGrant'],
  grantisforawsresource: ['CreateGrant', 'ListGrants', 'RevokeGrant'],
  grantoperations: ['CreateGrant'],
  keyagreementalgorithm: ['DeriveSharedSecret'],
  macalgorithm: ['GenerateMac', 'VerifyMac'],
  messagetype: ['Sign', 'Verify'],
  primaryregion: ['UpdatePrimaryRegion'],
  reencryptonsamekey: ['ReEncryptFrom', 'ReEncryptTo'],
  replicaregion: ['ReplicateKey'],
  retiringprincipal: ['CreateGrant'],
  rotationperiodindays: ['EnableKeyRotation'],
  schedulekeydeletionpendingwindowindays: ['ScheduleKeyDeletion'],
  signingalgorithm: ['Sign', 'Verify'],
  validto: ['ImportKeyMaterial'],
  wrappingalgorithm: ['GetParametersForImport'],
  wrappingkeyspec: ['GetParametersForImport'],
}

/** What a request says about a condition key of KMS, by its lower-case name. */
export function lookUp(
  request: ResourceRequest,
  key: string,
): readonly string[] | 'unknown' {
  const given = request.context[key]
  if (given !== undefined) return given
  const of = requestKeys[key.replace(/^kms:/, '')]
  return of === undefined || of.includes(request.action) ? 'unknown' : []
}

/** Every operation on a key that KMS has a permission for. */
export const actions = [
  'CancelKeyDeletion',
  'CreateAlias',
  'CreateGrant',
  'Decapsulate',
  'Decrypt',
  'DeleteAlias',
  'DeleteImportedKeyMaterial',
  'DeriveSharedSecret',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetKeyLastUsage',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetParametersForImport',
  'GetPublicKey',
  'ImportKeyMaterial',
  'ListAliases',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'ListRetirableGrants',
  'PutKeyPolicy',
  'ReEncryptFrom',
  'ReEncryptTo',
  'ReplicateKey',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'Sign',
  'SynchronizeMultiRegionKey',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
  'UpdatePrimaryRegion',
  'Verify',
  'VerifyMac',
] as const

/** In the place of an operation that AWS may yet add: `kms:*` allows it. */
export const futureAction = 'OperationOfTheFuture'

export type Action = (typeof actions)[number] | typeof futureAction
