/** The properties of an AWS JSON service that the lean client needs. */
export type AwsService = {
  /** Name in the credential scope and in host names, for example `kms`. */
  readonly name: string
  /** Name in messages, for example `KMS`. */
  readonly title: string
  /** Prefix of the operation in `X-Amz-Target`, for example `TrentService`. */
  readonly targetPrefix: string
  readonly contentType: string
  readonly maxAnswerBytes: number
  /** AWS error codes after which the same call may soon succeed. */
  readonly transientCodes: ReadonlySet<string>
  readonly errors: AwsErrors
}

/** Creates the errors of one service. Each error has its own page. */
export type AwsErrors = {
  /** The service refused the call or reported a fault. */
  refused(operation: string, refusal: Refusal): Error
  /** The connection failed before an answer arrived. */
  unreachable(host: string, cause: Error): Error
  /** No answer arrived in time. */
  timeout(host: string, timeoutMs: number): Error
  /** The answer is not the service's: cut off, too large, or not JSON. */
  damaged(operation: string, reason: string): Error
  /** These settings can't be used to build a client. */
  configuration(reason: string): Error
}

export type Refusal = {
  /** AWS's error name, for example `ThrottlingException`. */
  awsCode: string
  text: string
  status: number
  requestId: string | undefined
  /** The answer's `Date` in ms since 1970, to the second. */
  date?: number | undefined
}
