import { Fn, aws_iam as iam } from 'aws-cdk-lib'

/** What a signer function's role is about. */
export type SignerPolicy = {
  /** Undefined: it signs with none. */
  keyArn: string | undefined
  functionName: string
  logGroupArn: string
  /** Signatures are asked for through this VPC endpoint only. */
  kmsVpcEndpointId: string | undefined
  inVpc: boolean
  /** Done from inside the function only, as signing is. */
  boundActions: readonly string[]
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
  const { keyArn, functionName, logGroupArn, kmsVpcEndpointId, inVpc } = about
  const { boundActions } = about
  // By name, so that the role does not wait for the function, nor it for the
  // role. AWS does not say whether an invocation through a version or an alias
  // has the qualified ARN: both are this function.
  const fromFunction = [functionName, `${functionName}:*`].map((name) =>
    Fn.sub(
      `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${name}`,
    ),
  )
  return [
    ...(keyArn === undefined ? [] : sign(keyArn, fromFunction)),
    ...(boundActions.length === 0
      ? []
      : [
          deny('WriteFromHereOnly', [...boundActions], {
            ArnNotLike: { 'lambda:SourceFunctionArn': fromFunction },
          }),
        ]),
    new iam.PolicyStatement({
      sid: 'Log',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroupArn],
    }),
    ...(kmsVpcEndpointId === undefined || keyArn === undefined
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
            ArnLike: { 'lambda:SourceFunctionArn': fromFunction },
          }),
        ]
      : []),
  ]
}

/** A role signs with one key, from inside its function only. */
function sign(keyArn: string, fromFunction: string[]): iam.PolicyStatement[] {
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
    // condition that is negated also holds where the key is absent. It has to
    // be said here: in resource policies AWS does not evaluate this key.
    deny('SignFromHereOnly', ['kms:Sign'], {
      ArnNotLike: { 'lambda:SourceFunctionArn': fromFunction },
    }),
  ]
}

function deny(
  sid: string,
  actions: string[],
  conditions: Record<string, Record<string, string | string[]>>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    effect: iam.Effect.DENY,
    actions,
    resources: ['*'],
    conditions,
  })
}
