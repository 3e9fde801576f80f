import type { KeyRoles } from '../key-policy/index.js'
import type { KeyFacts } from './KeyFacts.js'
import {
  type Action,
  actions,
  futureAction,
  type ResourceRequest,
} from './ResourceRequest.js'

export type Severity = 'high' | 'medium' | 'low'

/** What may be done with a key: requests that mean the same, and what they mean. */
export type Capability = {
  code: string
  /** Goes on after "may". */
  may: string
  /** What could happen. */
  risk: string
  severity: Severity
  requests: readonly ResourceRequest[]
  /** The code of the one that has this in it. */
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
// What KMS takes.
const shortestDays = 7
const longestDays = 30
const days = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => deletion(from + i))

const plain = (...names: Action[]): ResourceRequest[] =>
  names.map((action) => ({ action, context: {} }))

/** All that may be done with a key, and what of it is meant for somebody. */
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
      may: 'sign any transaction and message of the account',
      risk: 'Everything that the account holds can be sent away in one transaction.',
      severity: 'high',
      requests: [digest],
    },
    {
      code: 'sign-otherwise',
      may: 'have KMS hash and sign any text, or sign by another algorithm',
      risk: 'Such a signature is of no use to Ethereum, but it is one of this key, under a text that nobody checked.',
      severity: 'medium',
      requests: otherwise,
      within: 'sign',
    },
    {
      code: 'change-policy',
      may: 'change this policy',
      risk: 'Who can change the policy can give themselves every right on the key, signing too.',
      severity: 'high',
      requests: [bypass('false'), bypass()],
    },
    {
      code: 'bypass-lockout-check',
      may: "set a policy without AWS's check that somebody can change it again",
      risk: 'One mistake, or one insider, locks everybody out of the key for good; only AWS Support may help.',
      severity: 'medium',
      requests: [bypass('true')],
      within: 'change-policy',
    },
    {
      code: 'create-grant',
      may: 'create grants',
      risk: 'A grant gives signing to anybody, in other accounts too, and does not show in this policy.',
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
        ? 'A replica signs as the key does, and has a policy of its own.'
        : 'A key of one Region has no replicas, so today nothing; the right is of no use.',
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
      risk: 'When the waiting period ends the account is gone, and with it what it holds.',
      severity: 'high',
      requests: [...days(minimumDays, longestDays), deletion()],
    },
    {
      code: 'delete-soon',
      may: `schedule the deletion with fewer than ${minimumDays} days to notice it`,
      risk: 'The account is gone before anybody has seen the alarm and cancelled.',
      severity: 'medium',
      requests: days(shortestDays, minimumDays - 1),
      within: 'delete',
    },
    {
      code: 'delete-material',
      may: 'delete the imported key material',
      risk: isExternal
        ? 'Signing stops at once; without a copy of the private key the account is lost.'
        : 'A key that KMS made has no imported material, so today nothing.',
      severity: isExternal ? 'high' : 'low',
      requests: plain('DeleteImportedKeyMaterial'),
    },
    {
      code: 'import',
      may: 'import key material',
      risk: isExternal
        ? 'Whoever imports first decides the account, and may keep a copy of its private key.'
        : 'A key that KMS made takes no import, so today nothing.',
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
          ? 'On the day it expires signing stops, and without a copy of the private key the account is lost.'
          : 'It stays when it was meant to go.',
      severity: isExternal ? 'medium' : 'low',
      requests: { never: [expiring], required: [lasting], any: [] }[
        meant.importExpiration
      ],
      within: 'import',
    },
    {
      code: 'import-parameters',
      may: 'get the public key that wraps an import',
      risk: 'It is the first half of an import.',
      severity: isExternal ? 'medium' : 'low',
      requests: wrapping(strongWrapping, rsa),
    },
    {
      code: 'wrap-weakly',
      may: 'wrap an import by an outdated algorithm (SHA-1, PKCS #1 v1.5)',
      risk: 'The private key on its way is protected less than it can be.',
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
      risk: 'Signing stops until somebody notices and enables the key again.',
      severity: 'medium',
      requests: plain('DisableKey'),
    },
    {
      code: 'enable',
      may: 'enable the key, and cancel its deletion',
      risk: 'An emergency stop can be undone.',
      severity: 'medium',
      requests: plain('EnableKey', 'CancelKeyDeletion'),
    },
    {
      code: 'alias',
      may: 'make, move and delete its aliases',
      risk: 'Who signs by an alias can be led to another key, and so another account.',
      severity: 'medium',
      requests: plain('CreateAlias', 'UpdateAlias', 'DeleteAlias'),
    },
    {
      code: 'tag',
      may: 'change its tags and description',
      risk: 'Policies that go by tags (aws:ResourceTag) take the key for another.',
      severity: 'low',
      requests: plain('TagResource', 'UntagResource', 'UpdateKeyDescription'),
    },
    {
      code: 'end-grants',
      may: 'end grants',
      risk: 'What relies on a grant stops.',
      severity: 'low',
      requests: plain('RevokeGrant', 'RetireGrant'),
    },
    {
      code: 'look',
      may: 'look at the key, its policy, tags and address',
      risk: 'They learn the account, and who guards it.',
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
      may: 'ask for what this kind of key does not do, and for whatever AWS adds one day',
      risk: 'Today nothing; a later operation of KMS is allowed before anybody has looked at it.',
      severity: 'low',
      requests: [
        ...plain(...actions.filter((action) => !covered.has(action))),
        ...plain(futureAction),
      ],
    },
  ]
}
