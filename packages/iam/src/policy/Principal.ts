/** Who sent a request: found by its access key. */
export type Principal = {
  /** For example `arn:aws:iam::000000000000:user/operator`. */
  arn: string
  account: string
  /** Of a role's session: the role's ARN, which alone has the path. */
  roleArn?: string
  /** Of a function's credentials: the function, without version or alias. */
  sourceFunctionArn?: string
  /** Those that its user or role has in IAM, by their keys. */
  tags?: Readonly<Record<string, string>>
  /** Name of the AWS service that calls, e.g. `events.amazonaws.com`. */
  service?: string
  /** Of what a service calls for: a rule, a topic. */
  sourceArn?: string
}
