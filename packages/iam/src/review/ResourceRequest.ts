/**
 * One request as the resource's policy sees it: an operation, and the condition
 * keys that come from its members.
 */
export type ResourceRequest = {
  /** The part before the colon; `kms` if absent. */
  service?: string
  /** Without `kms:`. */
  action: string
  /** By lower-case name. An empty list means that the request lacks the key. */
  context: Readonly<Record<string, readonly string[]>>
}

// Condition keys that only some operations have, without `kms:`. If a request
// doesn't define one of its operation's keys, the key may have any value.
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

/** A request's values for a KMS condition key, given its lower-case name. */
export function lookUp(
  request: ResourceRequest,
  key: string,
): readonly string[] | 'unknown' {
  const given = request.context[key]
  if (given !== undefined) return given
  const of = requestKeys[key.replace(/^kms:/, '')]
  return of === undefined || of.includes(request.action) ? 'unknown' : []
}

/** Every key operation that has a KMS permission. */
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

/**
 * Represents an operation that AWS may add later, which `kms:*` then allows.
 */
export const futureAction = 'OperationOfTheFuture'

export type Action = (typeof actions)[number] | typeof futureAction
