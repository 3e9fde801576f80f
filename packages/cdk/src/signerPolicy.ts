import { Fn, aws_iam as iam } from 'aws-cdk-lib'

/** The parts of a signer function's role. */
export type SignerPolicy = {
  /** Undefined if the function has no key. */
  keyArn: string | undefined
  functionName: string
  logGroupArn: string
  /**
   * The only VPC endpoint through which the function may request signatures.
   */
  kmsVpcEndpointId: string | undefined
  inVpc: boolean
  /** Actions that are allowed only from inside the function, like signing. */
  boundActions: readonly string[]
}

/** Lambda itself uses these with the role to attach a function to a VPC. */
const attach = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
]

/** All permissions of a signer function. */
export function signerPolicy(about: SignerPolicy): iam.PolicyStatement[] {
  const { keyArn, functionName, logGroupArn, kmsVpcEndpointId, inVpc } = about
  const { boundActions } = about
  // The function is referred to by name, so that neither the role nor the
  // function waits for the other. AWS doesn't say whether an invocation through
  // a version or an alias has the qualified ARN, so both forms are included.
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
          // The Lambda service needs these permissions, but the code that it
          // runs doesn't.
          deny('CodeLeavesVpcAlone', attach, {
            ArnLike: { 'lambda:SourceFunctionArn': fromFunction },
          }),
        ]
      : []),
  ]
}

/** A role signs with one key, and only from inside its function. */
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
    // Makes credentials useless outside the function: a negated condition also
    // holds if the key is absent. The statement must be here, because AWS
    // doesn't evaluate this key in resource policies.
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
