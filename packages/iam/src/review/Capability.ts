import type { KeyRoles } from '../key-policy/index.js'
import type { KeyFacts } from './KeyFacts.js'
import {
  type Action,
  actions,
  futureAction,
  type ResourceRequest,
} from './ResourceRequest.js'

export type Severity = 'high' | 'medium' | 'low'

/** Something that a caller may do with a key, and the requests that do it. */
export type Capability = {
  code: string
  /** Continues a sentence after "may". */
  may: string
  /** The possible consequence. */
  risk: string
  severity: Severity
  requests: readonly ResourceRequest[]
  /** The code of the capability that includes this one. */
  within?: string
}

const signings: ResourceRequest[] = ['ECDSA_SHA_256', 'ECDSA_SHA_384'].flatMap(
  (algorithm) =>
    [['DIGEST'], ['RAW'], []].map((type) => ({
      action: 'Sign',
      context: {
        'kms:signingalgorithm': [algorithm],
        'kms:messagetype': type,
      },
    })),
)
const [digest, ...otherwise] = signings as [
  ResourceRequest,
  ...ResourceRequest[],
]

const bypass = (...value: string[]): ResourceRequest => ({
  action: 'PutKeyPolicy',
  context: { 'kms:bypasspolicylockoutsafetycheck': value },
})

const strongWrapping = ['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256']
const weakWrapping = ['RSAES_OAEP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_1']
const wrapping = (algorithms: readonly string[], specs: readonly string[]) =>
  algorithms.flatMap((algorithm) =>
    specs.map((spec) => ({
      action: 'GetParametersForImport',
      context: {
        'kms:wrappingalgorithm': [algorithm],
        'kms:wrappingkeyspec': [spec],
      },
    })),
  )
const rsa = ['RSA_2048', 'RSA_3072', 'RSA_4096']

const importing = (model: string): ResourceRequest => ({
  action: 'ImportKeyMaterial',
  context: { 'kms:expirationmodel': [model] },
})

const deletion = (...days: number[]): ResourceRequest => ({
  action: 'ScheduleKeyDeletion',
  context: { 'kms:schedulekeydeletionpendingwindowindays': days.map(String) },
})
// The algorithms that KMS accepts.
const shortestDays = 7
const longestDays = 30
const days = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => deletion(from + i))

const plain = (...names: Action[]): ResourceRequest[] =>
  names.map((action) => ({ action, context: {} }))

/**
 * All capabilities of a key, adapted to the intended permissions of its roles.
 */
export function all(
  key: KeyFacts,
  meant: Pick<KeyRoles, 'minimumDeletionWindowDays' | 'importExpiration'>,
): Capability[] {
  const minimumDays = meant.minimumDeletionWindowDays
  const lasting = importing('KEY_MATERIAL_DOES_NOT_EXPIRE')
  const expiring = importing('KEY_MATERIAL_EXPIRES')
  const isExternal = key.origin === 'EXTERNAL'
  const named: Capability[] = [
    {
      code: 'sign',
      may: 'sign any transaction or message for the account',
      risk: 'One transaction can send away everything the account has.',
      severity: 'high',
      requests: [digest],
    },
    {
      code: 'sign-otherwise',
      may: 'have KMS hash and sign any text, or sign with another algorithm',
      risk: "Ethereum can't use such a signature, but the key has still signed something that nobody checked.",
      severity: 'medium',
      requests: otherwise,
      within: 'sign',
    },
    {
      code: 'change-policy',
      may: 'change this policy',
      risk: 'Anybody who can change the policy can give themselves every right to the key, including signing.',
      severity: 'high',
      requests: [bypass('false'), bypass()],
    },
    {
      code: 'bypass-lockout-check',
      may: "set a policy and skip AWS's check that somebody can still change it",
      risk: 'One mistake, or one insider, can lock everybody out of the key for good. Only AWS Support might help.',
      severity: 'medium',
      requests: [bypass('true')],
      within: 'change-policy',
    },
    {
      code: 'create-grant',
      may: 'create grants',
      risk: "A grant can let anybody sign, even from another account, and this policy doesn't show it.",
      severity: 'high',
      requests: [['true'], ['false'], []].map((value) => ({
        action: 'CreateGrant',
        context: { 'kms:grantisforawsresource': value },
      })),
    },
    {
      code: 'replicate',
      may: 'replicate the key into other Regions',
      risk: key.multiRegion
        ? 'A replica signs like the key, but has its own policy.'
        : "Nothing today: a single-Region key can't have replicas, so the right is useless.",
      severity: key.multiRegion ? 'high' : 'low',
      requests: plain(
        'ReplicateKey',
        'UpdatePrimaryRegion',
        'SynchronizeMultiRegionKey',
      ),
    },
    {
      code: 'delete',
      may: 'schedule the deletion of the key',
      risk:
        'When the waiting period ends, the account is lost with everything ' +
        'it has.',
      severity: 'high',
      requests: [...days(minimumDays, longestDays), deletion()],
    },
    {
      code: 'delete-soon',
      may: `schedule deletion with fewer than ${minimumDays} days' notice`,
      risk: 'The account is lost before anybody sees the alarm and cancels the deletion.',
      severity: 'medium',
      requests: days(shortestDays, minimumDays - 1),
      within: 'delete',
    },
    {
      code: 'delete-material',
      may: 'delete the imported key material',
      risk: isExternal
        ? 'Signing stops immediately. Without a copy of the private key, the ' +
          'account is lost.'
        : 'Nothing today: KMS created this key, so it has no imported material.',
      severity: isExternal ? 'high' : 'low',
      requests: plain('DeleteImportedKeyMaterial'),
    },
    {
      code: 'import',
      may: 'import key material',
      risk: isExternal
        ? 'The first import determines the account, and the importer can keep a copy of the private key.'
        : 'Nothing today: KMS created this key, so it accepts no import.',
      severity: isExternal ? 'high' : 'low',
      requests: {
        never: [lasting],
        required: [expiring],
        any: [lasting, expiring],
      }[meant.importExpiration],
    },
    {
      code: 'import-otherwise',
      may:
        meant.importExpiration === 'never'
          ? 'import key material that expires'
          : 'import key material that never expires',
      risk:
        meant.importExpiration === 'never'
          ? 'Signing stops on the day the key material expires. Without a copy of the private key, the account is lost.'
          : 'The key material stays even though it was meant to expire.',
      severity: isExternal ? 'medium' : 'low',
      requests: { never: [expiring], required: [lasting], any: [] }[
        meant.importExpiration
      ],
      within: 'import',
    },
    {
      code: 'import-parameters',
      may: 'get the public key that wraps an import',
      risk: 'This is the first half of an import.',
      severity: isExternal ? 'medium' : 'low',
      requests: wrapping(strongWrapping, rsa),
    },
    {
      code: 'wrap-weakly',
      may: 'wrap an import with an outdated algorithm (SHA-1, PKCS #1 v1.5)',
      risk: 'The private key is less protected in transit than it could be.',
      severity: isExternal ? 'medium' : 'low',
      requests: [
        ...wrapping([...weakWrapping, 'RSAES_PKCS1_V1_5'], rsa),
        ...wrapping(['SM2PKE'], ['SM2']),
      ],
      within: 'import-parameters',
    },
    {
      code: 'disable',
      may: 'disable the key',
      risk: 'Signing stops until somebody notices and re-enables the key.',
      severity: 'medium',
      requests: plain('DisableKey'),
    },
    {
      code: 'enable',
      may: 'enable the key and cancel its deletion',
      risk: 'An emergency stop can be undone.',
      severity: 'medium',
      requests: plain('EnableKey', 'CancelKeyDeletion'),
    },
    {
      code: 'alias',
      may: "create, move and delete the key's aliases",
      risk: 'Anybody who signs through an alias can be redirected to another key, and so to another account.',
      severity: 'medium',
      requests: plain('CreateAlias', 'UpdateAlias', 'DeleteAlias'),
    },
    {
      code: 'tag',
      may: "change the key's tags and description",
      risk: 'Policies that check tags (aws:ResourceTag) can mistake the key for another.',
      severity: 'low',
      requests: plain('TagResource', 'UntagResource', 'UpdateKeyDescription'),
    },
    {
      code: 'end-grants',
      may: 'end grants',
      risk: 'Anything that relies on a grant stops working.',
      severity: 'low',
      requests: plain('RevokeGrant', 'RetireGrant'),
    },
    {
      code: 'look',
      may: 'view the key, its policy, tags and address',
      risk: 'This shows the account, and who controls the key.',
      severity: 'low',
      requests: plain(
        'DescribeKey',
        'GetKeyLastUsage',
        'GetKeyPolicy',
        'GetKeyRotationStatus',
        'GetPublicKey',
        'ListAliases',
        'ListGrants',
        'ListKeyPolicies',
        'ListKeyRotations',
        'ListResourceTags',
        'ListRetirableGrants',
      ),
    },
    {
      code: 'verify',
      may: 'have KMS verify signatures',
      risk: 'AWS bills each call.',
      severity: 'low',
      requests: plain('Verify'),
    },
  ]
  const covered = new Set(
    named.flatMap(({ requests }) => requests.map(({ action }) => action)),
  )
  return [
    ...named,
    {
      code: 'other',
      may: "call operations that this kind of key doesn't support, or that AWS adds later",
      risk: 'Nothing today. If KMS adds an operation, it is allowed before anybody has reviewed it.',
      severity: 'low',
      requests: [
        ...plain(...actions.filter((action) => !covered.has(action))),
        ...plain(futureAction),
      ],
    },
  ]
}
