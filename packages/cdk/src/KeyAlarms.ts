import {
  aws_events as events,
  type aws_sns as sns,
  aws_events_targets as targets,
} from 'aws-cdk-lib'
import { Construct } from 'constructs'

/** Properties of {@link KeyAlarms}. */
export interface KeyAlarmsProps {
  /** Where the messages go. */
  readonly topic: sns.ITopic
  /** Of the key that is watched. */
  readonly keyArn: string
  /** Of the functions that are watched. */
  readonly functionNames: readonly string[]
  /** Of the roles that sign. */
  readonly roleNames: readonly string[]
}

/**
 * Tells people of each way in which the power to sign can change hands: the
 * key's policy and state, the functions' code and permissions, the roles.
 * Rules see what CloudTrail records as write events; a trail must exist.
 */
export class KeyAlarms extends Construct {
  /** One rule for KMS, Lambda and IAM each. */
  readonly rules: readonly events.Rule[]

  constructor(scope: Construct, id: string, props: KeyAlarmsProps) {
    super(scope, id)
    const { topic, keyArn, functionNames, roleNames } = props
    const rule = (
      name: string,
      source: string,
      detail: Record<string, unknown>,
    ) =>
      new events.Rule(this, name, {
        eventPattern: {
          source: [`aws.${source}`],
          detailType: ['AWS API Call via CloudTrail'],
          detail: { eventSource: [`${source}.amazonaws.com`], ...detail },
        },
        targets: [new targets.SnsTopic(topic)],
      })
    this.rules = [
      rule('KeyChanged', 'kms', {
        eventName: [
          'PutKeyPolicy',
          'CreateGrant',
          'ScheduleKeyDeletion',
          'DisableKey',
          'DeleteImportedKeyMaterial',
        ],
        resources: { ARN: [keyArn] },
      }),
      // UpdateAlias names the alias; which key it had is not in the event.
      rule('AliasMoved', 'kms', { eventName: ['UpdateAlias'] }),
      rule('FunctionChanged', 'lambda', {
        // Lambda's events carry the version of its API behind the name.
        eventName: [
          { prefix: 'UpdateFunctionCode' },
          { prefix: 'UpdateFunctionConfiguration' },
          { prefix: 'AddPermission' },
          { prefix: 'CreateFunctionUrlConfig' },
        ],
        requestParameters: {
          functionName: functionNames.flatMap((name) => [
            name,
            { suffix: `:function:${name}` },
          ]),
        },
      }),
      rule('RoleChanged', 'iam', {
        eventName: [
          'UpdateAssumeRolePolicy',
          'PutRolePolicy',
          'AttachRolePolicy',
          'DeleteRolePolicy',
          'DetachRolePolicy',
        ],
        requestParameters: { roleName: [...roleNames] },
      }),
    ]
  }
}
