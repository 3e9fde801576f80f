/** The roles of a key. Each lists ARNs of IAM roles and users. */
export type KeyRoles = {
  administrators: readonly string[]
  users: readonly string[]
  importers: readonly string[]
  breakGlass: readonly string[]
  deployers: readonly string[]
  /**
   * The `users` that can sign only while their tag {@link guardTag} contains
   * the ARN of the table that counts their windows.
   *
   * @default - none
   */
  guarded?: { users: readonly string[]; table: string }
  /**
   * Whether deployers may schedule deletion, so that the key is deleted with
   * its stack.
   */
  goesWithStack: boolean
  /** Shortest waiting period that the break-glass role may choose, in days. */
  minimumDeletionWindowDays: number
  /** Whether imported key material may, or must, expire. */
  importExpiration: 'never' | 'required' | 'any'
  /**
   * Allows key material wrapped by RSA-OAEP with SHA-1, for a token that has
   * nothing newer. Allow it for one import only, then set the policy again
   * without it.
   *
   * @default false
   */
  sha1Wrapping?: boolean
}

/**
 * Role tag with the ARN of the table that counts the amounts that the role
 * signs.
 */
export const guardTag = 'keyward-guard'

/** A key policy as JSON. A list of one value is written as that value. */
export type KeyPolicyDocument = {
  Version: '2012-10-17'
  Statement: KeyPolicyStatement[]
}

export type KeyPolicyStatement = {
  Sid: string
  Effect: 'Allow' | 'Deny'
  Principal: { AWS: string | string[] }
  Action: string | string[]
  Resource: '*'
  Condition?: Conditions
}

type Conditions = Record<string, Record<string, string | number | string[]>>

// The Get operations are spelled out, because Get* would include
// GetParametersForImport.
const look = [
  'Describe*',
  'List*',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetPublicKey',
] as const

/**
 * The key policy. Each role gets its operations by name. Operations that no IAM
 * policy in the account may open up are denied to everybody else. The account
 * root gets only PutKeyPolicy, so that losing every role doesn't orphan the
 * key, and IAM can delegate nothing else.
 *
 * @param root - ARN of the account root, `arn:aws:iam::<account>:root`.
 */
export function keyPolicyDocument(
  roles: KeyRoles,
  root: string,
): KeyPolicyDocument {
  const { administrators, users, importers, breakGlass, deployers, guarded } =
    roles
  const signing = {
    StringEquals: {
      'kms:SigningAlgorithm': 'ECDSA_SHA_256',
      'kms:MessageType': 'DIGEST',
    },
  }
  const expiration = {
    never: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    required: 'KEY_MATERIAL_EXPIRES',
    any: undefined,
  }[roles.importExpiration]
  const statements = [
    allow('RootKeepsThePolicy', [root], ['PutKeyPolicy']),
    allow('Administrators', administrators, [
      ...look,
      'EnableKey',
      'DisableKey',
      'PutKeyPolicy',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
      'CreateAlias',
      'UpdateAlias',
      'DeleteAlias',
      'CancelKeyDeletion',
    ]),
    allow('UsersSign', users, ['Sign'], signing),
    allow('UsersLook', users, ['GetPublicKey', 'DescribeKey']),
    allow('ImportersLook', importers, [
      'DescribeKey',
      'GetPublicKey',
      'ListResourceTags',
    ]),
    allow('ImportersWrap', importers, ['GetParametersForImport'], {
      StringEquals: {
        'kms:WrappingAlgorithm': [
          'RSAES_OAEP_SHA_256',
          'RSA_AES_KEY_WRAP_SHA_256',
          ...(roles.sha1Wrapping ? ['RSA_AES_KEY_WRAP_SHA_1'] : []),
        ],
        'kms:WrappingKeySpec': ['RSA_2048', 'RSA_3072', 'RSA_4096'],
      },
    }),
    allow(
      'ImportersImport',
      importers,
      ['ImportKeyMaterial'],
      expiration === undefined
        ? undefined
        : { StringEquals: { 'kms:ExpirationModel': expiration } },
    ),
    allow('BreakGlass', breakGlass, [
      'DescribeKey',
      'ScheduleKeyDeletion',
      'DisableKey',
      'DeleteImportedKeyMaterial',
    ]),
    allow('Deployers', deployers, [
      'PutKeyPolicy',
      'Describe*',
      'GetKeyPolicy',
      'GetKeyRotationStatus',
      'GetPublicKey',
      'ListResourceTags',
      'ListKeyPolicies',
      'TagResource',
      'UntagResource',
      'UpdateKeyDescription',
      'CreateAlias',
      'UpdateAlias',
      'DeleteAlias',
    ]),
    denyOthers('OnlyUsersSign', users, ['Sign']),
    // A caller without the tag is denied too: a negated condition then holds.
    ...(guarded === undefined || guarded.users.length === 0
      ? []
      : [
          deny('OnlyCountedSign', ['Sign'], {
            ArnEquals: { 'aws:PrincipalArn': [...guarded.users] },
            StringNotEquals: {
              [`aws:PrincipalTag/${guardTag}`]: guarded.table,
            },
          }),
        ]),
    denyOthers(
      'OnlyNamedChangeThePolicy',
      [root, ...administrators, ...deployers],
      ['PutKeyPolicy'],
    ),
    denyOthers('OnlyImportersImport', importers, [
      'GetParametersForImport',
      'ImportKeyMaterial',
    ]),
    ...(roles.goesWithStack
      ? [
          allow('DeployersDelete', deployers, ['ScheduleKeyDeletion']),
          denyOthers(
            'OnlyNamedDelete',
            [...breakGlass, ...deployers],
            ['ScheduleKeyDeletion'],
          ),
          denyOthers('OnlyBreakGlassDestroys', breakGlass, [
            'DeleteImportedKeyMaterial',
          ]),
        ]
      : [
          denyOthers('OnlyBreakGlassDestroys', breakGlass, [
            'ScheduleKeyDeletion',
            'DeleteImportedKeyMaterial',
          ]),
        ]),
    denyOthers(
      'OnlyNamedDisable',
      [...administrators, ...breakGlass],
      ['DisableKey'],
    ),
    deny('NoShortDeletion', ['ScheduleKeyDeletion'], {
      NumericLessThan: {
        'kms:ScheduleKeyDeletionPendingWindowInDays':
          roles.minimumDeletionWindowDays,
      },
    }),
    // A grant could give Sign to anybody, and would bypass this policy.
    deny('NoGrants', ['CreateGrant', 'ReplicateKey']),
    // The same denial in the only form that Control Tower's CT.KMS.PR.3
    // recognizes.
    deny('NoGrantsForControlTower', ['CreateGrant'], {
      BoolIfExists: {
        'kms:GrantIsForAWSResource': 'false',
        'aws:PrincipalIsAWSService': 'false',
      },
    }),
    deny('NoLockout', ['PutKeyPolicy'], {
      Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' },
    }),
  ]
  return {
    Version: '2012-10-17',
    Statement: statements.flatMap((statement) => statement ?? []),
  }
}

function allow(
  sid: string,
  arns: readonly string[],
  actions: readonly string[],
  conditions?: Conditions,
): KeyPolicyStatement | undefined {
  if (arns.length === 0) return undefined
  return statement('Allow', sid, arns, actions, conditions)
}

/**
 * Denies operations to everybody except `arns`; if there are none, to
 * everybody.
 */
function denyOthers(
  sid: string,
  arns: readonly string[],
  actions: readonly string[],
): KeyPolicyStatement {
  const conditions =
    arns.length === 0
      ? undefined
      : { ArnNotEquals: { 'aws:PrincipalArn': [...arns] } }
  return deny(sid, actions, conditions)
}

function deny(
  sid: string,
  actions: readonly string[],
  conditions?: Conditions,
): KeyPolicyStatement {
  return statement('Deny', sid, ['*'], actions, conditions)
}

function statement(
  effect: 'Allow' | 'Deny',
  sid: string,
  arns: readonly string[],
  actions: readonly string[],
  conditions: Conditions | undefined,
): KeyPolicyStatement {
  return {
    Sid: sid,
    Effect: effect,
    Principal: { AWS: oneOrMore(arns) },
    Action: oneOrMore(actions.map((action) => `kms:${action}`)),
    Resource: '*',
    ...(conditions && { Condition: conditions }),
  }
}

function oneOrMore(values: readonly string[]): string | string[] {
  const [only] = values
  return values.length === 1 && only !== undefined ? only : [...values]
}
