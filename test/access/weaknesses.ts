import {
  type KeyRoles,
  keyPolicyDocument,
} from '../../packages/iam/src/key-policy/index.js'

export const account = '000000000000'
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`
export const rootArn = `arn:aws:iam::${account}:root`

/** Who is meant to be what in every test of weaknesses. */
export const roles: KeyRoles = {
  administrators: [role('team/admin')],
  users: [role('app-signer'), role('lambda/payouts')],
  importers: [role('importer')],
  breakGlass: [role('break-glass')],
  deployers: [role(`cdk-hnb659fds-cfn-exec-role-${account}-us-east-1`)],
  goesWithStack: false,
  minimumDeletionWindowDays: 30,
  importExpiration: 'never',
}

export type Json = Record<string, unknown>
export type Policy = { Version: string; Statement: Json[] }

export const strict = (): Policy =>
  JSON.parse(JSON.stringify(keyPolicyDocument(roles, rootArn))) as Policy

export type Weakness = {
  name: string
  policy: Policy
  /** A finding that has to be among those told. */
  finding: { code: string; says: RegExp }
  /** Sids of what stays, since it only denies. */
  stays?: string[]
  /** The local home takes no such policy. */
  unenforceable?: true
  /** Nobody can change the policy any more, so nothing mends it. */
  forever?: true
}

const allow = (more: Json): Json => ({
  Sid: 'Planted',
  Effect: 'Allow',
  Principal: '*',
  Action: 'kms:Sign',
  Resource: '*',
  ...more,
})
const withStatement = (...more: Json[]): Policy => {
  const policy = strict()
  return { ...policy, Statement: [...policy.Statement, ...more] }
}
const without = (...sids: string[]): Policy => {
  const policy = strict()
  return {
    ...policy,
    Statement: policy.Statement.filter(({ Sid }) => !sids.includes(`${Sid}`)),
  }
}
/** One statement in another wording. */
const changed = (sid: string, change: (statement: Json) => Json): Policy => {
  const policy = strict()
  return {
    ...policy,
    Statement: policy.Statement.map((each) =>
      each.Sid === sid ? change(each) : each,
    ),
  }
}
const openTo = (policy: Policy, ...more: Json[]): Policy => ({
  ...policy,
  Statement: [...policy.Statement, ...more],
})
const addPrincipal = (sid: string, arn: string) =>
  changed(sid, (each) => ({
    ...each,
    Principal: {
      AWS: [(each.Principal as { AWS: string | string[] }).AWS, arn].flat(),
    },
  }))
const named = (sid: string, policy = strict()) => {
  const { Condition } = policy.Statement.find(({ Sid }) => Sid === sid) as {
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': string[] } }
  }
  return Condition.ArnNotEquals['aws:PrincipalArn']
}
const unless =
  (operator: string, ...arns: string[]) =>
  (each: Json) => ({
    ...each,
    Condition: { [operator]: { 'aws:PrincipalArn': arns } },
  })
const digest = {
  StringEquals: {
    'kms:SigningAlgorithm': 'ECDSA_SHA_256',
    'kms:MessageType': 'DIGEST',
  },
}
const foreign = 'arn:aws:iam::999999999999:role/signer'
const both = <item>(list: (policy: Policy) => item) => list(strict())

/** Each plants one weakness into the strict policy, or has it instead. */
export const weaknesses: Weakness[] = [
  {
    name: "KMS's default: everything for the root, and so for IAM",
    policy: {
      Version: '2012-10-17',
      Statement: [allow({ Principal: { AWS: rootArn }, Action: 'kms:*' })],
    },
    finding: {
      code: 'sign',
      says: /^Every role and user in account 000000000000 whose IAM policy allows it.*may sign/,
    },
  },
  {
    name: 'the account by its number',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({ Principal: { AWS: account }, Condition: digest }),
    ),
    finding: { code: 'sign', says: /whose IAM policy allows it.*may sign/ },
  },
  {
    name: 'everybody',
    policy: openTo(without('OnlyUsersSign'), allow({})),
    finding: { code: 'sign', says: /^Anybody in any AWS account.*may sign/ },
  },
  {
    name: 'everybody, behind a Deny',
    policy: withStatement(allow({ Condition: digest })),
    finding: {
      code: 'latent-sign',
      says: /Only a Deny stops .*anybody in any AWS account.*, who could otherwise sign/,
    },
  },
  {
    name: 'everybody of an organisation',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } } }),
    ),
    finding: {
      code: 'sign',
      says: /if StringEquals aws:PrincipalOrgID = o-abc/,
    },
  },
  {
    name: 'everybody who comes through a service',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Condition: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': 'ec2.us-east-1.amazonaws.com',
          },
        },
      }),
    ),
    finding: {
      code: 'sign',
      says: /^Every role and user in account 000000000000.*kms:ViaService/,
    },
  },
  {
    name: 'no condition on what users sign',
    policy: changed('UsersSign', ({ Condition: _, ...rest }) => rest),
    finding: {
      code: 'sign-otherwise',
      says: /app-signer \(user\).*have KMS hash and sign any text/,
    },
  },
  {
    name: 'RAW as well',
    policy: changed('UsersSign', (each) => ({
      ...each,
      Condition: {
        StringEquals: {
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': ['DIGEST', 'RAW'],
        },
      },
    })),
    finding: {
      code: 'sign-otherwise',
      says: /have KMS hash and sign any text/,
    },
  },
  {
    name: 'ForAllValues, which also holds where the key is missing',
    policy: changed('UsersSign', (each) => ({
      ...each,
      Condition: {
        StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
        'ForAllValues:StringEquals': { 'kms:MessageType': 'DIGEST' },
      },
    })),
    finding: {
      code: 'sign-otherwise',
      says: /have KMS hash and sign any text/,
    },
  },
  {
    name: 'ForAllValues on who it is: a service has no ARN',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Condition: {
          ...digest,
          'ForAllValues:ArnEquals': { 'aws:PrincipalArn': role('app-signer') },
        },
      }),
    ),
    finding: { code: 'sign', says: /^Any AWS service may sign/ },
  },
  {
    name: 'IfExists on the message type',
    policy: changed('UsersSign', (each) => ({
      ...each,
      Condition: {
        StringEquals: { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' },
        StringEqualsIfExists: { 'kms:MessageType': 'DIGEST' },
      },
    })),
    finding: {
      code: 'sign-otherwise',
      says: /have KMS hash and sign any text/,
    },
  },
  {
    name: 'an administrator among the users',
    policy: both((policy) => {
      policy.Statement = addPrincipal('UsersSign', role('team/admin')).Statement
      return {
        ...policy,
        Statement: policy.Statement.map((each) =>
          each.Sid === 'OnlyUsersSign'
            ? unless('ArnNotEquals', ...roles.users, role('team/admin'))(each)
            : each,
        ),
      }
    }),
    finding: {
      code: 'sign',
      says: /^arn:aws:iam::000000000000:role\/team\/admin \(administrator\) may sign/,
    },
  },
  {
    name: 'a user who also changes the policy',
    policy: openTo(
      changed(
        'OnlyNamedChangeThePolicy',
        unless(
          'ArnNotEquals',
          ...named('OnlyNamedChangeThePolicy'),
          role('app-signer'),
        ),
      ),
      allow({
        Principal: { AWS: role('app-signer') },
        Action: 'kms:PutKeyPolicy',
      }),
    ),
    finding: {
      code: 'change-policy',
      says: /app-signer \(user\) may change this policy/,
    },
  },
  {
    name: 'a role that nobody meant',
    policy: openTo(
      changed(
        'OnlyUsersSign',
        unless('ArnNotEquals', ...roles.users, role('intruder')),
      ),
      allow({ Principal: { AWS: role('intruder') }, Condition: digest }),
    ),
    finding: {
      code: 'sign',
      says: /^arn:aws:iam::000000000000:role\/intruder may sign/,
    },
  },
  {
    name: 'CreateGrant left open',
    policy: openTo(
      without('NoGrants', 'NoGrantsForControlTower'),
      allow({
        Principal: { AWS: role('team/admin') },
        Action: 'kms:CreateGrant',
      }),
    ),
    finding: {
      code: 'create-grant',
      says: /team\/admin \(administrator\) may create grants/,
    },
  },
  {
    name: 'CreateGrant for AWS services, through anybody of the account',
    policy: openTo(
      without('NoGrants'),
      allow({
        Principal: { AWS: rootArn },
        Action: ['kms:CreateGrant', 'kms:ListGrants', 'kms:RevokeGrant'],
        Condition: { Bool: { 'kms:GrantIsForAWSResource': true } },
      }),
    ),
    finding: { code: 'create-grant', says: /whose IAM policy allows it/ },
  },
  {
    name: 'nothing denies grants',
    policy: without('NoGrants', 'NoGrantsForControlTower'),
    finding: {
      code: 'unguarded-create-grant',
      says: /No statement denies these principals permission to create grants/,
    },
  },
  {
    name: 'nothing denies signing',
    policy: without('OnlyUsersSign'),
    finding: {
      code: 'unguarded-sign',
      says: /No statement denies these principals permission to sign/,
    },
  },
  {
    name: 'a short window for deletion',
    policy: changed('NoShortDeletion', (each) => ({
      ...each,
      Condition: {
        NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': 7 },
      },
    })),
    finding: {
      code: 'delete-soon',
      says: /break-glass \(break-glass\) may schedule deletion with fewer than 30 days/,
    },
  },
  {
    name: 'NotAction with Allow',
    policy: withStatement(
      allow({
        Principal: { AWS: role('auditor') },
        Action: undefined,
        NotAction: ['kms:Sign', 'kms:PutKeyPolicy'],
      }),
    ),
    finding: {
      code: 'enable',
      says: /role\/auditor may enable the key and cancel its deletion/,
    },
  },
  {
    name: 'NotAction with Deny, which leaves signing out of the Deny',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({ Principal: { AWS: role('intruder') }, Condition: digest }),
      allow({
        Sid: 'LooksLikeADeny',
        Effect: 'Deny',
        Action: undefined,
        NotAction: ['kms:Sign', 'kms:GetPublicKey', 'kms:DescribeKey'],
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': [
              rootArn,
              ...roles.administrators,
              ...roles.importers,
              ...roles.breakGlass,
              ...roles.deployers,
            ],
          },
        },
      }),
    ),
    finding: { code: 'sign', says: /role\/intruder may sign/ },
    stays: ['LooksLikeADeny'],
  },
  {
    name: 'NotPrincipal with Allow',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Principal: undefined,
        NotPrincipal: { AWS: role('somebody') },
        Condition: digest,
      }),
    ),
    finding: { code: 'sign', says: /^Anybody in any AWS account.*may sign/ },
  },
  {
    name: 'NotPrincipal with Deny, which stops the sessions of a user',
    policy: changed('OnlyUsersSign', ({ Condition: _, ...each }) => ({
      ...each,
      Principal: undefined,
      NotPrincipal: { AWS: [role('lambda/payouts'), rootArn] },
    })),
    finding: {
      code: 'missing',
      says: /app-signer \(user\) lacks intended permissions: kms:Sign/,
    },
  },
  {
    name: 'NotResource that leaves this key in',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Principal: { AWS: role('intruder') },
        Resource: undefined,
        NotResource: 'arn:aws:kms:*:*:key/another',
        Condition: digest,
      }),
    ),
    finding: { code: 'sign', says: /role\/intruder may sign/ },
  },
  {
    name: 'wildcards in aws:PrincipalArn',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Condition: {
          ...digest,
          StringLike: {
            'aws:PrincipalArn': `arn:aws:iam::${account}:role/app-*`,
          },
        },
      }),
    ),
    finding: {
      code: 'sign',
      says: /^Every role in account 000000000000.*StringLike aws:PrincipalArn = /,
    },
  },
  {
    name: 'two patterns that only some names fit',
    policy: openTo(
      changed(
        'OnlyUsersSign',
        unless(
          'ArnNotLike',
          ...roles.users,
          `arn:aws:iam::${account}:role/*-b`,
        ),
      ),
      allow({
        Condition: {
          ...digest,
          ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/a-*` },
        },
      }),
    ),
    finding: { code: 'sign', says: /^Every role in account 000000000000/ },
  },
  {
    name: 'a role of that name in whatever account',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Condition: {
          ...digest,
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app-signer' },
        },
      }),
    ),
    finding: { code: 'sign', says: /^Anybody in any AWS account/ },
  },
  {
    name: 'a Deny with a wildcard where none works',
    policy: changed(
      'OnlyUsersSign',
      unless('StringNotEquals', `arn:aws:iam::${account}:role/app-*`),
    ),
    finding: {
      code: 'missing',
      says: /app-signer \(user\) lacks intended permissions: kms:Sign/,
    },
  },
  {
    name: 'a Deny whose exception is wider than it looks',
    policy: changed(
      'OnlyNamedChangeThePolicy',
      unless('ArnNotLike', rootArn, `arn:aws:iam::${account}:role/*`),
    ),
    finding: {
      code: 'change-policy',
      says: /^Every role in account 000000000000 whose IAM policy allows it.*may change this policy/,
    },
  },
  {
    name: 'another account',
    policy: openTo(
      changed('OnlyUsersSign', unless('ArnNotEquals', ...roles.users, foreign)),
      allow({ Principal: { AWS: foreign }, Condition: digest }),
    ),
    finding: {
      code: 'sign',
      says: /^arn:aws:iam::999999999999:role\/signer \(of another account\) may sign/,
    },
  },
  {
    name: 'the whole of another account',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({ Principal: { AWS: 'arn:aws:iam::999999999999:root' } }),
    ),
    finding: {
      code: 'sign',
      says: /^Every role and user in account 999999999999 \(another account\)/,
    },
  },
  {
    name: 'a role that was deleted',
    policy: addPrincipal('UsersSign', 'AROAJQABLZS4A3QDU576Q'),
    finding: {
      code: 'principal-gone',
      says: /names a deleted role or user: AROAJQABLZS4A3QDU576Q/,
    },
  },
  {
    name: "no Deny of passing by AWS's lockout check",
    policy: without('NoLockout'),
    finding: {
      code: 'bypass-lockout-check',
      says: /may set a policy and skip AWS's check/,
    },
  },
  {
    name: 'PutKeyPolicy left to IAM',
    policy: without('OnlyNamedChangeThePolicy'),
    finding: {
      code: 'change-policy',
      says: /^Every role and user in account 000000000000 whose IAM policy allows it/,
    },
  },
  {
    name: 'ImportKeyMaterial open',
    policy: openTo(
      without('OnlyImportersImport'),
      allow({
        Principal: { AWS: rootArn },
        Action: ['kms:ImportKeyMaterial', 'kms:GetParametersForImport'],
      }),
    ),
    finding: { code: 'import', says: /whose IAM policy allows it/ },
  },
  {
    name: 'weak wrapping of an import',
    policy: changed('ImportersWrap', ({ Condition: _, ...rest }) => rest),
    finding: { code: 'wrap-weakly', says: /importer \(importer\) may wrap/ },
  },
  {
    name: 'DeleteImportedKeyMaterial open',
    policy: openTo(
      changed('OnlyBreakGlassDestroys', (each) => ({
        ...each,
        Action: 'kms:ScheduleKeyDeletion',
      })),
      allow({
        Principal: { AWS: role('team/admin') },
        Action: 'kms:Delete*',
      }),
    ),
    finding: {
      code: 'delete-material',
      says: /team\/admin \(administrator\) may delete the imported key material/,
    },
  },
  {
    name: 'ScheduleKeyDeletion for an administrator',
    policy: openTo(
      changed(
        'OnlyBreakGlassDestroys',
        unless('ArnNotEquals', ...roles.breakGlass, ...roles.administrators),
      ),
      allow({
        Principal: { AWS: role('team/admin') },
        Action: 'kms:Schedule*',
      }),
    ),
    finding: {
      code: 'delete',
      says: /team\/admin \(administrator\) may schedule the deletion of the key/,
    },
  },
  {
    name: 'DisableKey open',
    policy: openTo(
      without('OnlyNamedDisable'),
      allow({ Principal: { AWS: rootArn }, Action: 'kms:Disable*' }),
    ),
    finding: { code: 'disable', says: /may disable the key/ },
  },
  {
    name: 'ReplicateKey open',
    policy: openTo(
      changed('NoGrants', (each) => ({ ...each, Action: 'kms:CreateGrant' })),
      allow({
        Principal: { AWS: role('team/admin') },
        Action: 'kms:ReplicateKey',
      }),
    ),
    finding: { code: 'replicate', says: /may replicate the key/ },
  },
  {
    name: 'an action with a wildcard in it: Get* has GetParametersForImport',
    policy: openTo(
      without('OnlyImportersImport'),
      allow({ Principal: { AWS: role('team/admin') }, Action: 'kms:Get*' }),
    ),
    finding: {
      code: 'import-parameters',
      says: /team\/admin \(administrator\)/,
    },
  },
  {
    name: 'a condition key that AWS does not have',
    policy: changed('UsersSign', (each) => ({
      ...each,
      Condition: {
        StringEquals: {
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MesageType': 'DIGEST',
        },
      },
    })),
    finding: {
      code: 'unknown-condition',
      says: /"UsersSign" uses the condition key kms:MesageType/,
    },
  },
  {
    name: 'a federated identity',
    policy: withStatement(
      allow({
        Principal: { Federated: 'accounts.google.com' },
        Condition: digest,
      }),
    ),
    finding: {
      code: 'not-understood',
      says: /names principals of type Federated/,
    },
  },
  {
    name: 'a user who cannot sign',
    policy: withStatement(
      allow({
        Effect: 'Deny',
        Principal: { AWS: role('app-signer') },
        Action: 'kms:S*',
      }),
    ),
    finding: {
      code: 'missing',
      says: /app-signer \(user\) lacks intended permissions: kms:Sign/,
    },
  },
  {
    name: 'no administrator',
    policy: without('Administrators'),
    finding: {
      code: 'missing',
      says: /team\/admin \(administrator\) lacks intended permissions: .*kms:EnableKey/,
    },
  },
  {
    name: 'an AWS service',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({ Principal: { Service: 'events.amazonaws.com' } }),
    ),
    finding: {
      code: 'sign',
      says: /^The AWS service events\.amazonaws\.com may sign/,
    },
  },
  {
    name: 'a way in that opens on a day',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Principal: { AWS: role('intruder') },
        Condition: {
          ...digest,
          DateGreaterThan: { 'aws:CurrentTime': '2099-01-01T00:00:00Z' },
        },
      }),
    ),
    finding: {
      code: 'sign',
      says: /role\/intruder may sign.*DateGreaterThan aws:CurrentTime/,
    },
  },
  {
    name: 'whoever has an address of some network',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Condition: { ...digest, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      }),
    ),
    finding: {
      code: 'sign',
      says: /if .*IpAddress aws:SourceIp = 10\.0\.0\.0/,
    },
    unenforceable: true,
  },
  {
    name: 'whom a tag lets in',
    policy: openTo(
      without('OnlyUsersSign'),
      allow({
        Condition: {
          ...digest,
          StringEquals: { 'aws:PrincipalTag/team': 'payments' },
        },
      }),
    ),
    finding: { code: 'sign', says: /aws:PrincipalTag\/team = payments/ },
  },
  {
    name: 'a lockout',
    policy: withStatement(
      allow({ Effect: 'Deny', Action: 'kms:PutKeyPolicy' }),
    ),
    finding: {
      code: 'lockout',
      says: /Nobody can change this policy anymore/,
    },
    forever: true,
  },
]
