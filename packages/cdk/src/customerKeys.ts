import { aws_iam as iam } from 'aws-cdk-lib'

/** Your own keys that encrypt the data that the functions use. */
export interface CustomerKeys {
  /**
   * ARNs of the KMS keys that encrypt the secrets and SecureString parameters
   * with settings, if you own these keys. Their policies must allow the
   * functions' roles to decrypt, or leave that to IAM.
   *
   * @default - none
   */
  readonly secretKeyArns?: readonly string[]
  /**
   * ARN of the KMS key that encrypts the ledger's table. Its policy must allow
   * the functions' roles and the deployment to use it, or leave that to IAM.
   * For an existing table, set its current key.
   *
   * @default - a key owned by DynamoDB
   */
  readonly ledgerKeyArn?: string
}

/**
 * Lets a function decrypt with these keys, only through the services that store
 * the data.
 */
export function decryptSecrets(arns: readonly string[]): iam.PolicyStatement[] {
  return arns.length === 0
    ? []
    : [via('DecryptSecrets', ['secretsmanager.*', 'ssm.*'], arns, ['Decrypt'])]
}

/** Lets a function use the key that encrypts a table. */
export function useTableKey(
  sid: 'UseGuardKey' | 'UseLedgerKey' | 'UseProposalKey',
  arn: string | undefined,
): iam.PolicyStatement[] {
  return arn === undefined
    ? []
    : [
        via(
          sid,
          ['dynamodb.*'],
          [arn],
          [
            'Decrypt',
            'DescribeKey',
            'Encrypt',
            'GenerateDataKey',
            'GenerateDataKeyWithoutPlaintext',
            'ReEncryptFrom',
            'ReEncryptTo',
          ],
        ),
      ]
}

/** A service's name ends with the partition's suffix. */
function via(
  sid: string,
  services: readonly string[],
  arns: readonly string[],
  operations: readonly string[],
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    actions: operations.map((name) => `kms:${name}`),
    resources: [...new Set(arns)],
    conditions: { StringLike: { 'kms:ViaService': [...services] } },
  })
}
