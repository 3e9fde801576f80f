import {
  aws_events as events,
  Stack,
  type aws_sns as sns,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'
import { by, functionSpellings, writesTo } from './alarmPatterns.js'
import { sizeOf } from './sizeOf.js'

const maxPattern = 2048

/** Properties of {@link KeyAlarms}. */
export interface KeyAlarmsProps {
  /**
   * Topic for the messages. If another stack owns it, its own policy must let
   * events.amazonaws.com publish.
   */
  readonly topic: sns.ITopic
  /** ARN of the watched key. */
  readonly keyArn: string
  /**
   * Name of the watched alias, with `alias/`.
   *
   * @default - none; aliases that are moved to or from the key are still seen
   */
  readonly aliasName?: string
  /** Names of the watched functions, as literals. */
  readonly functionNames: readonly string[]
  /** Names of the roles that sign. */
  readonly roleNames: readonly string[]
  /**
   * Name of the ledger table.
   *
   * @default - none
   */
  readonly ledgerTableName?: string
  /**
   * Name of the table that counts the windows.
   *
   * @default - none
   */
  readonly guardTableName?: string
  /**
   * ARNs of the secrets and parameters that give the functions their RPC
   * endpoints. Anybody who writes them chooses which nodes the functions trust.
   *
   * @default - none
   */
  readonly secretArns?: readonly string[]
  /**
   * Name of the rule that starts the reconciler.
   *
   * @default - none
   */
  readonly clockRuleName?: string
}

/**
 * Raises an alarm for each way in which signing power can change hands: the
 * key's policy and state, the functions' code and permissions, and the roles.
 * It also covers changes of the RPC endpoints, and any change that would make
 * the ledger or the guard lose data or stop.
 *
 * Rules match names by exact values, prefixes and suffixes, never by wildcard:
 * EventBridge refuses a rule with more than a few wildcards as too complex. A
 * pattern has at most 2048 characters, so each function and each secret has its
 * own rule.
 *
 * Rules see the write events that CloudTrail records, so a trail must exist.
 * IAM events reach only one Region of a partition, usually us-east-1. In any
 * other Region, the rule about roles never fires; it belongs in a stack in that
 * Region.
 */
export class KeyAlarms extends Construct {
  /** One rule for each watched kind of resource, function and secret. */
  readonly rules: readonly events.Rule[]

  constructor(scope: Construct, id: string, props: KeyAlarmsProps) {
    super(scope, id)
    const { topic, keyArn, aliasName, functionNames, roleNames } = props
    const {
      ledgerTableName,
      guardTableName,
      secretArns = [],
      clockRuleName,
    } = props
    const rule = (
      name: string,
      source: string,
      detail: Record<string, unknown>,
    ) => {
      const eventPattern = {
        source: [`aws.${source}`],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventSource: [`${source}.amazonaws.com`], ...detail },
      }
      const size = sizeOf(this, eventPattern)
      if (size > maxPattern)
        throw new Error(
          `alarmTopicArn: the event pattern of the rule ${name} would have up to ${size} characters, but EventBridge allows only ${maxPattern}. Shorten the names of the resources that the rule watches, or leave alarmTopicArn out.`,
        )
      return new events.Rule(this, name, {
        eventPattern,
        targets: [new targets.SnsTopic(topic)],
      })
    }
    const ofKey = { resources: { ARN: [keyArn] } }
    this.rules = [
      rule('KeyChanged', 'kms', {
        eventName: [
          'PutKeyPolicy',
          'CreateGrant',
          'ScheduleKeyDeletion',
          'DisableKey',
          'DeleteImportedKeyMaterial',
          'EnableKey',
          'CancelKeyDeletion',
          'ImportKeyMaterial',
          'UpdateKeyDescription',
        ],
        ...ofKey,
      }),
      rule('AliasMoved', 'kms', {
        eventName: ['UpdateAlias', 'DeleteAlias'],
        // The event has one of these keys; AWS doesn't document which one.
        ...(aliasName === undefined
          ? ofKey
          : {
              $or: [ofKey, { requestParameters: { aliasName: [aliasName] } }],
            }),
      }),
      ...functionNames.map((name, index) =>
        rule(`FunctionChanged${index}`, 'lambda', {
          // Lambda appends its API version to event names, as in
          // UpdateFunctionCode20150331v2, and the versions change.
          eventName: functionEvents.map((prefix) => ({ prefix })),
          requestParameters: {
            functionName: functionSpellings(Stack.of(this), name),
          },
        }),
      ),
      rule('RoleChanged', 'iam', {
        eventName: [
          'UpdateAssumeRolePolicy',
          'PutRolePolicy',
          'AttachRolePolicy',
          'DeleteRolePolicy',
          'DetachRolePolicy',
          'DeleteRole',
          'PutRolePermissionsBoundary',
          'DeleteRolePermissionsBoundary',
          // A role's tag contains the table that its function counts in.
          'TagRole',
          'UntagRole',
        ],
        requestParameters: { roleName: [...roleNames] },
      }),
      ...[...new Set(secretArns)].map((arn, index) => {
        const { service, ...detail } = writesTo(arn)
        return rule(`SecretChanged${index}`, service, detail)
      }),
      ...(clockRuleName === undefined
        ? []
        : [
            rule('ClockChanged', 'events', {
              eventName: [
                'DisableRule',
                'DeleteRule',
                'PutRule',
                'PutTargets',
                'RemoveTargets',
              ],
              ...by({ name: [clockRuleName] }, { rule: [clockRuleName] }),
            }),
          ]),
      ...(ledgerTableName === undefined
        ? []
        : this.#watchTable(ledgerTableName, (name, detail) =>
            rule(`Ledger${name}`, 'dynamodb', detail),
          )),
      ...(guardTableName === undefined
        ? []
        : this.#watchTable(guardTableName, (name, detail) =>
            rule(`Guard${name}`, 'dynamodb', detail),
          )),
    ]
  }

  /**
   * The events that would change, copy or replace a table. Each rule uses the
   * spelling of its own events, because a table's name can have 255 characters
   * and patterns are limited.
   */
  #watchTable(
    table: string,
    rule: (name: string, detail: Record<string, unknown>) => events.Rule,
  ): events.Rule[] {
    const named = [table]
    const byArn = [{ suffix: `:table/${table}` }]
    const backups = Stack.of(this).formatArn({
      service: 'dynamodb',
      resource: 'table',
      resourceName: `${table}/backup/`,
    })
    return [
      rule('Changed', {
        eventName: [
          'CreateTable',
          'DeleteTable',
          // This call sets replicas and deletion protection.
          'UpdateTable',
          'CreateTableReplica',
          'UpdateContinuousBackups',
          'UpdateTimeToLive',
          'PutResourcePolicy',
          'DeleteResourcePolicy',
        ],
        ...by({ tableName: [...named, ...byArn] }, { resourceArn: byArn }),
      }),
      rule('Restored', {
        eventName: [
          'RestoreTableFromBackup',
          'RestoreTableFromAwsBackup',
          'RestoreTableToPointInTime',
          'DeleteBackup',
        ],
        ...by(
          { sourceTableName: named },
          { sourceTableArn: byArn },
          { targetTableName: named },
          { backupArn: [{ prefix: backups }] },
        ),
      }),
      rule('Copied', {
        eventName: ['ImportTable', 'CreateGlobalTable', 'UpdateGlobalTable'],
        ...by(
          { globalTableName: named },
          { tableCreationParameters: { tableName: named } },
        ),
      }),
    ]
  }
}

/**
 * Combines each prefix with every setting of a function: code, URL,
 * concurrency.
 */
const functionEvents = [
  'CreateFunction',
  'UpdateFunction',
  'PutFunction',
  'DeleteFunction',
  'AddPermission',
  'RemovePermission',
  'CreateAlias',
  'UpdateAlias',
  'DeleteAlias',
]
