import { aws_iam as iam } from 'aws-cdk-lib'

/** Keys of your own that AWS encrypts what the functions use with. */
export interface CustomerKeys {
  /**
   * ARNs of the KMS keys of the secrets and SecureString parameters that
   * settings are kept in, where these are your own and not AWS's. Their
   * policies must let the functions' roles decrypt, or leave that to IAM.
   *
   * @default - none
   */
  readonly secretKeyArns?: readonly string[]
  /**
   * ARN of the KMS key that the ledger's table is encrypted with. Its policy
   * must let the functions' roles and the deployment use it, or leave that to
   * IAM. For a table that exists: the key that it has.
   *
   * @default - a key of DynamoDB's
   */
  readonly ledgerKeyArn?: string
}

/** Lets a function read what these keys encrypt, by the services that keep it. */
export function decryptSecrets(arns: readonly string[]): iam.PolicyStatement[] {
  return arns.length === 0
    ? []
    : [via('DecryptSecrets', ['secretsmanager.*', 'ssm.*'], arns, ['Decrypt'])]
}

/** Lets a function use the table that this key encrypts. */
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

/** The name of a service has the partition's suffix behind it. */
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
