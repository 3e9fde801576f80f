// AWS's table of key states, as rows: what each operation answers on a key in
// each state, with the key's ARN left out of the text.

export const states = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingImport',
] as const
export type State = (typeof states)[number]

const sign = {
  Message: Buffer.alloc(32, 1).toString('base64'),
  MessageType: 'DIGEST',
  SigningAlgorithm: 'ECDSA_SHA_256',
}
const wrapping = {
  WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
  WrappingKeySpec: 'RSA_2048',
}
const importing = {
  ImportToken: 'AAAA',
  EncryptedKeyMaterial: 'AAAA',
  ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
}
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: '<root>' },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
})

const disabled = 'DisabledException: is disabled.'
export const deletion = 'KMSInvalidStateException: is pending deletion.'
const pendingImport = 'KMSInvalidStateException: is pending import.'
const notGoing = 'KMSInvalidStateException: is not pending deletion.'
const badToken = 'InvalidImportTokenException'
const badSignature = 'KMSInvalidSignatureException'
const noGrants =
  'UnsupportedOperationException: This local KMS has no grants; use the key policy.'

export type StateRow = [
  operation: string,
  input: object,
  Enabled: string,
  Disabled: string,
  PendingDeletion: string,
  PendingImport: string,
]

/** Operations after which the key is in the state it was in. */
export const stayingRows: readonly StateRow[] = [
  // What is asked past the state check shows in an error after it.
  ['Sign', sign, 'ok', disabled, deletion, pendingImport],
  [
    'Verify',
    { ...sign, Signature: 'AAAA' },
    badSignature,
    disabled,
    deletion,
    pendingImport,
  ],
  ['GetPublicKey', {}, 'ok', disabled, deletion, pendingImport],
  ['DescribeKey', {}, 'ok', 'ok', 'ok', 'ok'],
  ['GetKeyPolicy', {}, 'ok', 'ok', 'ok', 'ok'],
  ['PutKeyPolicy', { Policy: policy }, 'ok', 'ok', 'ok', 'ok'],
  ['ListKeyPolicies', {}, 'ok', 'ok', 'ok', 'ok'],
  ['ListResourceTags', {}, 'ok', 'ok', 'ok', 'ok'],
  ['ListAliases', {}, 'ok', 'ok', 'ok', 'ok'],
  ['ListGrants', {}, 'ok', 'ok', 'ok', 'ok'],
  ['GetParametersForImport', wrapping, 'ok', 'ok', deletion, 'ok'],
  ['ImportKeyMaterial', importing, badToken, badToken, deletion, badToken],
  ['TagResource', { Tags: [] }, 'ok', 'ok', deletion, 'ok'],
  ['UntagResource', { TagKeys: [] }, 'ok', 'ok', deletion, 'ok'],
  ['UpdateKeyDescription', { Description: 'd' }, 'ok', 'ok', deletion, 'ok'],
]

/** Operations that move the key to another state: each needs its own. */
export const movingRows: readonly StateRow[] = [
  ['EnableKey', {}, 'ok', 'ok', deletion, pendingImport],
  ['DisableKey', {}, 'ok', 'ok', deletion, pendingImport],
  ['ScheduleKeyDeletion', {}, 'ok', 'ok', deletion, 'ok'],
  ['CancelKeyDeletion', {}, notGoing, notGoing, 'ok', notGoing],
  ['DeleteImportedKeyMaterial', {}, 'ok', 'ok', 'ok', 'ok'],
]

/** What only this KMS answers so. */
export const ownRows: readonly StateRow[] = [
  [
    'CreateGrant',
    { GranteePrincipal: 'x', Operations: [] },
    noGrants,
    disabled,
    deletion,
    pendingImport,
  ],
]
