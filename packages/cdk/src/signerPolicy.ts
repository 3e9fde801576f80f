import { aws_iam as iam } from 'aws-cdk-lib'

/** What a signer function's role is about. */
export type SignerPolicy = {
  keyArn: string
  /** Without version or alias, as Lambda tells it to other services. */
  functionArn: string
  logGroupArn: string
  /** Signatures are asked for through this VPC endpoint only. */
  kmsVpcEndpointId: string | undefined
  inVpc: boolean
}

/** Lambda itself uses these, as the role, to attach a function to a VPC. */
const attach = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/** All that a signer function may do. */
export function signerPolicy(about: SignerPolicy): iam.PolicyStatement[] {
  const { keyArn, functionArn, logGroupArn, kmsVpcEndpointId, inVpc } = about
  return [
    new iam.PolicyStatement({
      sid: 'Sign',
      actions: ['kms:Sign'],
      resources: [keyArn],
      conditions: {
        StringEquals: {
          'kms:SigningAlgorithm': 'ECDSA_SHA_256',
          'kms:MessageType': 'DIGEST',
        },
      },
    }),
    new iam.PolicyStatement({
      sid: 'Look',
      actions: ['kms:GetPublicKey'],
      resources: [keyArn],
    }),
    // Credentials that leave the function are worth nothing elsewhere: a
    // condition that is negated also holds where the key is absent.
    deny('SignFromHereOnly', ['kms:Sign'], {
      ArnNotEquals: { 'lambda:SourceFunctionArn': functionArn },
    }),
    new iam.PolicyStatement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    }),
    ...(kmsVpcEndpointId === undefined
      ? []
      : [
          deny('SignThroughEndpointOnly', ['kms:Sign'], {
            StringNotEquals: { 'aws:SourceVpce': kmsVpcEndpointId },
          }),
        ]),
    ...(inVpc
      ? [
          new iam.PolicyStatement({
            sid: 'AttachToVpc',
            actions: attach,
            resources: ['*'],
          }),
          // The service needs them; the code that it runs does not.
          deny('CodeLeavesVpcAlone', attach, {
            ArnEquals: { 'lambda:SourceFunctionArn': functionArn },
          }),
        ]
      : []),
  ]
}

function deny(
  sid: string,
  actions: string[],
  conditions: Record<string, Record<string, string>>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    effect: iam.Effect.DENY,
    actions,
    resources: ['*'],
    conditions,
  })
}
