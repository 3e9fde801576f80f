/** What the lean client must know of a service of AWS JSON. */
export type AwsService = {
  /** In the credential scope and in host names, for example `kms`. */
  readonly name: string
  /** For messages, for example `KMS`. */
  readonly title: string
  /** Before the operation in `X-Amz-Target`, for example `TrentService`. */
  readonly targetPrefix: string
  readonly contentType: string
  readonly maxAnswerBytes: number
  /** AWS's codes after which the same call may succeed in a moment. */
  readonly transientCodes: ReadonlySet<string>
  readonly errors: AwsErrors
}

/** Makes the errors of one service, each with its own page. */
export type AwsErrors = {
  /** It answered with a refusal or a fault of its own. */
  refused(operation: string, refusal: Refusal): Error
  /** No answer: the connection failed. */
  unreachable(host: string, cause: Error): Error
  /** No answer in time. */
  timeout(host: string, timeoutMs: number): Error
  /** An answer that isn't the service's: cut off, too large, no JSON. */
  damaged(operation: string, reason: string): Error
  /** The client can't be built from these settings. */
  configuration(reason: string): Error
}

export type Refusal = {
  /** AWS's name, for example `ThrottlingException`. */
  awsCode: string
  text: string
  status: number
  requestId: string | undefined
  /** The answer's `Date`, in ms since 1970: a second's beginning. */
  date?: number | undefined
}
