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
   * Where the messages go. A topic of another stack must let
   * events.amazonaws.com publish by a policy of its own.
   */
  readonly topic: sns.ITopic
  /** Of the key that is watched. */
  readonly keyArn: string
  /**
   * Of the alias that is watched, with `alias/`.
   *
   * @default - none; aliases that are moved to or from the key are still seen
   */
  readonly aliasName?: string
  /** Of the functions that are watched, as they are written out. */
  readonly functionNames: readonly string[]
  /** Of the roles that sign. */
  readonly roleNames: readonly string[]
  /**
   * Of the table that knows what was sent.
   *
   * @default - none
   */
  readonly ledgerTableName?: string
  /**
   * Of the table that knows what was spent.
   *
   * @default - none
   */
  readonly guardTableName?: string
  /**
   * ARNs of the secrets and parameters that tell the functions where the chain
   * is: who writes them chooses whom the functions believe.
   *
   * @default - none
   */
  readonly secretArns?: readonly string[]
  /**
   * Of the rule that starts the reconciler.
   *
   * @default - none
   */
  readonly clockRuleName?: string
}

/**
 * Tells people of each way in which the power to sign can change hands: the
 * key's policy and state, the functions' code and permissions, the roles; of
 * who tells the functions where the chain is; and of what would make the
 * ledger or the guard forget, or leave them alone.
 *
 * A rule about names has exact values, prefixes and suffixes, and no wildcard:
 * EventBridge adds up what wildcards may cost, and refuses a rule of a few as
 * too complex. A pattern has 2048 characters at most, hence a rule for each
 * function and each secret.
 *
 * Rules see what CloudTrail records as write events; a trail must exist. IAM's
 * events come to one Region of a partition only, us-east-1 in most: elsewhere
 * the rule about roles stays silent, and belongs in a stack of that Region.
 */
export class KeyAlarms extends Construct {
  /** One for each kind of thing that is watched, function and secret. */
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
          `alarmTopicArn: the rule ${name} would have up to ${size} characters, and EventBridge takes ${maxPattern}. Give what it watches a shorter name, or leave alarmTopicArn out.`,
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
        // The event has one of the keys; which one is not documented.
        ...(aliasName === undefined
          ? ofKey
          : {
              $or: [ofKey, { requestParameters: { aliasName: [aliasName] } }],
            }),
      }),
      ...functionNames.map((name, index) =>
        rule(`FunctionChanged${index}`, 'lambda', {
          // Lambda's events carry the version of its API behind the name, such
          // as UpdateFunctionCode20150331v2, and versions come and go.
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
          // A tag says where its function counts.
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
   * What would change, copy or replace a table. Each rule names the table
   * as its events do: a table's name has up to 255 characters.
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
          // Replicas and the deletion protection are set by it.
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

/** Each prefix with all that is configured of a function: code, URL, concurrency. */
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
