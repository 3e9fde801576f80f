import { senderKinds, signerKinds } from '../functions/index.js'

/** Settings of a service control policy. */
export type ControlPolicySettings = {
  /** ARN of the role that restores and protects ledgers. */
  restoreRole?: string | undefined
  /** ARNs of roles that write a ledger from outside a stack. */
  ledgerWriters?: readonly string[]
  /** Names of ledger tables whose names CloudFormation did not choose. */
  tables?: readonly string[]
  /**
   * Qualifiers of the bootstraps whose CloudFormation roles deploy, as given to
   * `cdk bootstrap --qualifier`.
   *
   * @default - CDK's own, `hnb659fds`; no other is then exempt
   */
  bootstrapQualifiers?: readonly string[]
}

/** A service control policy as JSON. */
export type ServiceControlPolicy = {
  Version: '2012-10-17'
  Statement: Record<string, unknown>[]
}

const standardQualifier = 'hnb659fds'
const signers = signerKinds.map((kind) => `*-${kind}`)
const senders = senderKinds.map((kind) => `*-${kind}`)
/** The functions of a multisig, which write its proposals. */
const cosigner = '*-cosigner-*'
const multisig = [cosigner, '*-coordinator']
const functions = [...signers, ...senders, ...multisig]
const functionArn = (name: string) => `arn:*:lambda:*:*:function:${name}`
const roleArn = (name: string) => `arn:*:iam::*:role/${name}`
const tableArn = (name: string) => `arn:*:dynamodb:*:*:table/${name}`

const proposals = tableArn('*-Proposals*')
/**
 * Tables that count a policy's windows. CloudFormation adds the eight
 * characters.
 */
const guards = tableArn('*-Guard????????-*')

const itemWrites = [
  'dynamodb:BatchWriteItem',
  'dynamodb:DeleteItem',
  'dynamodb:PartiQLDelete',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
]

/**
 * A service control policy that keeps an account's administrators away from the
 * functions, their roles, the ledgers, the guards and the proposals. It matches
 * resources by name, and exempts the roles that the CDK's CloudFormation uses.
 */
export function serviceControlPolicy({
  restoreRole,
  ledgerWriters = [],
  tables = [],
  bootstrapQualifiers = [],
}: ControlPolicySettings = {}): ServiceControlPolicy {
  const qualifiers =
    bootstrapQualifiers.length === 0 ? [standardQualifier] : bootstrapQualifiers
  const deployers = [...new Set(qualifiers)].map((qualifier) =>
    roleArn(`cdk-${qualifier}-cfn-exec-role-*`),
  )
  const restorers = restoreRole === undefined ? [] : [restoreRole]
  const ledgers = [
    // This includes the ledger's backups, whose ARNs begin with the table's
    // ARN.
    tableArn('*-SenderLedger*'),
    ...tables.flatMap((name) => [tableArn(name), tableArn(`${name}/*`)]),
  ]
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyTheDeployerChangesSigners',
        Effect: 'Deny',
        NotAction: [
          'lambda:Get*',
          'lambda:List*',
          'lambda:InvokeFunction',
          'lambda:InvokeFunctionUrl',
          'lambda:PutFunctionConcurrency',
          'lambda:DeleteFunctionConcurrency',
        ],
        Resource: functions.flatMap((name) => [
          functionArn(name),
          functionArn(`${name}:*`),
        ]),
        Condition: spare(...deployers),
      },
      {
        Sid: 'OnlyTheDeployerChangesSignerRoles',
        Effect: 'Deny',
        NotAction: ['iam:Get*', 'iam:List*', 'iam:Simulate*'],
        Resource: functions.map(roleArn),
        Condition: spare(...deployers),
      },
      {
        Sid: 'OnlyTheDeployerMapsEvents',
        Effect: 'Deny',
        Action: [
          'lambda:CreateEventSourceMapping',
          'lambda:UpdateEventSourceMapping',
        ],
        Resource: '*',
        Condition: {
          ArnLike: {
            'lambda:FunctionArn': functions.map((name) =>
              functionArn(`${name}*`),
            ),
          },
          ...spare(...deployers),
        },
      },
      {
        Sid: 'OnlyTheDeployerChangesLedgers',
        Effect: 'Deny',
        NotAction: [
          'dynamodb:BatchGetItem',
          'dynamodb:ConditionCheckItem',
          'dynamodb:CreateBackup',
          'dynamodb:Describe*',
          'dynamodb:Get*',
          'dynamodb:List*',
          'dynamodb:PartiQLSelect',
          'dynamodb:Query',
          'dynamodb:Scan',
          'dynamodb:StartAwsBackupJob',
          // The next statement covers these actions.
          ...itemWrites,
        ],
        Resource: [...ledgers, guards, proposals],
        Condition: spare(...deployers, ...restorers),
      },
      {
        Sid: 'OnlyTheFunctionsWriteLedgers',
        Effect: 'Deny',
        Action: itemWrites,
        Resource: ledgers,
        Condition: spare(
          ...senders.map(roleArn),
          ...ledgerWriters,
          ...restorers,
        ),
      },
      {
        Sid: 'OnlyTheFunctionsCountWindows',
        Effect: 'Deny',
        Action: itemWrites,
        Resource: guards,
        Condition: spare(
          ...[...signers, ...senders, cosigner].map(roleArn),
          ...ledgerWriters,
          ...restorers,
        ),
      },
      {
        Sid: 'OnlyTheMultisigWritesProposals',
        Effect: 'Deny',
        Action: itemWrites,
        Resource: proposals,
        Condition: spare(...multisig.map(roleArn)),
      },
      ...restorers.map((role) => ({
        Sid: 'OnlyTheDeployerChangesTheRestoreRole',
        Effect: 'Deny',
        NotAction: [
          'iam:Get*',
          'iam:List*',
          'iam:Simulate*',
          'sts:AssumeRole',
          'sts:SetSourceIdentity',
          'sts:TagSession',
        ],
        Resource: role,
        Condition: spare(...deployers),
      })),
    ],
  }
}

function spare(...arns: string[]) {
  const [only, ...more] = arns
  return {
    ArnNotLike: { 'aws:PrincipalArn': more.length === 0 ? only : arns },
  }
}
