/** Who may do what with a key, as ARNs of IAM roles and users. */
export type KeyRoles = {
  administrators: readonly string[]
  users: readonly string[]
  importers: readonly string[]
  breakGlass: readonly string[]
  deployers: readonly string[]
  /**
   * Of `users`, those who sign only while they have the tag {@link guardTag}
   * with the ARN of the table where windows are counted.
   *
   * @default - none
   */
  guarded?: { users: readonly string[]; table: string }
  /** The deployers may schedule the deletion: the key goes with its stack. */
  goesWithStack: boolean
  /** Smallest waiting period that the break-glass role may choose, in days. */
  minimumDeletionWindowDays: number
  /** For how long imported key material may be valid. */
  importExpiration: 'never' | 'required' | 'any'
  /**
   * Key material may come wrapped by RSA-OAEP with SHA-1, from a token that has
   * no other: for one import, after which the policy is set anew without it.
   *
   * @default false
   */
  sha1Wrapping?: boolean
}

/** Tag of a role: the ARN of the table where what it signs is counted. */
export const guardTag = 'keyward-guard'

/** A key policy as JSON. A list of one is written as its one value. */
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

// Get* is written out: it has GetParametersForImport in it.
const look = [
  'Describe*',
  'List*',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetPublicKey',
] as const

/**
 * The key policy. Each role gets its operations by name; what must not be
 * talked around by an IAM policy elsewhere in the account is denied to
 * everybody else. The account root is given PutKeyPolicy only, so that losing
 * every role does not orphan the key: AWS then leaves nothing else to IAM.
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
    // Who has no tag is denied as well: a negated condition holds then.
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
    // A grant would hand Sign to anybody, past this policy.
    deny('NoGrants', ['CreateGrant', 'ReplicateKey']),
    // The same again in the only shape that Control Tower's CT.KMS.PR.3 knows.
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

/** To all but these; where there are none, to all. */
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
