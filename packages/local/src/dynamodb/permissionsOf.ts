import type { Json } from './Json.js'
import { parseHead } from './PartiQl.js'
import * as PolicyArn from './PolicyArn.js'
import { isObject, type Place, toArn } from './Table.js'

/** One question to the policies. */
export type Permission = {
  /** For example `dynamodb:PutItem`. */
  action: string
  resource: string
}

type Rule = (input: Json, place: Place) => Permission[]

/**
 * The permissions that an operation needs, all of which the caller must have.
 * Usually there is only one: the action with the operation's name, on the
 * operation's table or index.
 *
 * @throws AwsError ValidationException if the permissions can't be determined.
 */
export function permissionsOf(
  operation: string,
  input: Json,
  place: Place,
): Permission[] {
  const rule = Object.hasOwn(rules, operation) ? rules[operation] : undefined
  if (rule) return rule(input, place)
  return resourcesOf(input, place).map((resource) => ({
    action: `dynamodb:${operation}`,
    resource,
  }))
}

/** A restore reads from one table and writes to the other. */
const ofTarget = [
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
]

const ofPolicy =
  (operation: string): Rule =>
  ({ ResourceArn }, place) =>
    typeof ResourceArn === 'string' && ResourceArn !== ''
      ? [
          {
            action: `dynamodb:${operation}`,
            resource: PolicyArn.assert(ResourceArn, place),
          },
        ]
      : [{ action: `dynamodb:${operation}`, resource: '*' }]

const ofBackup =
  (operation: string): Rule =>
  ({ BackupArn }) => [
    {
      action: `dynamodb:${operation}`,
      resource: typeof BackupArn === 'string' ? BackupArn : '*',
    },
  ]

const ofStatements =
  (name: string): Rule =>
  (input, place) =>
    toList(input[name]).flatMap((each) => ofStatement(each, place))

const ofStatement: Rule = ({ Statement }, place) => {
  const { action, tableName, indexName } = parseHead(Statement)
  const arn = toArn(place, tableName)
  return [
    {
      action: `dynamodb:${action}`,
      resource: indexName === undefined ? arn : `${arn}/index/${indexName}`,
    },
  ]
}

/** The permissions for a transaction. Each part needs its own action. */
const ofTransaction =
  (actions: Readonly<Record<string, string>>): Rule =>
  ({ TransactItems }, place) =>
    toList(TransactItems).flatMap((each) =>
      Object.entries(each).flatMap(([name, of]) =>
        Object.hasOwn(actions, name) &&
        isObject(of) &&
        typeof of.TableName === 'string'
          ? [
              {
                action: `dynamodb:${actions[name]}`,
                resource: toArn(place, of.TableName),
              },
            ]
          : [],
      ),
    )

const rules: Readonly<Record<string, Rule>> = {
  BatchExecuteStatement: ofStatements('Statements'),
  CreateTable: (input, place) =>
    resourcesOf(input, place).flatMap((resource) => [
      { action: 'dynamodb:CreateTable', resource },
      ...((input.ResourcePolicy ?? undefined) === undefined
        ? []
        : [{ action: 'dynamodb:PutResourcePolicy', resource }]),
    ]),
  DeleteBackup: ofBackup('DeleteBackup'),
  DeleteResourcePolicy: ofPolicy('DeleteResourcePolicy'),
  DescribeBackup: ofBackup('DescribeBackup'),
  ExecuteStatement: ofStatement,
  ExecuteTransaction: ofStatements('TransactStatements'),
  GetResourcePolicy: ofPolicy('GetResourcePolicy'),
  ListBackups: () => [{ action: 'dynamodb:ListBackups', resource: '*' }],
  PutResourcePolicy: ofPolicy('PutResourcePolicy'),
  RestoreTableFromBackup: (input, place) => [
    ...ofBackup('RestoreTableFromBackup')(input, place),
    ...toTarget(input, place),
  ],
  RestoreTableToPointInTime: (input, place) => {
    const { SourceTableArn, SourceTableName } = input
    const source = SourceTableArn ?? SourceTableName
    const resource = typeof source === 'string' ? toArn(place, source) : '*'
    const action = 'dynamodb:RestoreTableToPointInTime'
    return [{ action, resource }, ...toTarget(input, place)]
  },
  TransactGetItems: ofTransaction({ Get: 'GetItem' }),
  TransactWriteItems: ofTransaction({
    ConditionCheck: 'ConditionCheckItem',
    Delete: 'DeleteItem',
    Put: 'PutItem',
    Update: 'UpdateItem',
  }),
}

const toTarget: Rule = ({ TargetTableName }, place) =>
  typeof TargetTableName === 'string'
    ? ofTarget.map((name) => ({
        action: `dynamodb:${name}`,
        resource: toArn(place, TargetTableName),
      }))
    : []

/** ARNs of an operation's resources, as IAM policies name them. */
function resourcesOf(input: Json, place: Place): string[] {
  const { TableName, IndexName, RequestItems, ResourceArn } = input
  if (typeof ResourceArn === 'string') return [ResourceArn]
  if (isObject(RequestItems)) {
    const names = Object.keys(RequestItems)
    if (names.length > 0) return names.map((name) => toArn(place, name))
  }
  if (typeof TableName !== 'string') return ['*']
  const arn = toArn(place, TableName)
  return [typeof IndexName === 'string' ? `${arn}/index/${IndexName}` : arn]
}

const toList = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter(isObject) : []
