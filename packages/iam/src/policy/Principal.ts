/** The sender of a request, found by its access key. */
export type Principal = {
  /** For example `arn:aws:iam::000000000000:user/operator`. */
  arn: string
  account: string
  /** For a role's session, the role's ARN. Only that ARN has the path. */
  roleArn?: string
  /**
   * For a function's credentials, the function's ARN, without version or alias.
   */
  sourceFunctionArn?: string
  /** The tags of its user or role in IAM, by key. */
  tags?: Readonly<Record<string, string>>
  /** Name of the calling AWS service, e.g. `events.amazonaws.com`. */
  service?: string
  /** ARN of the resource that the service calls for: a rule, a topic. */
  sourceArn?: string
}
