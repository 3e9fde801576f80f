import type { Principal } from '@keyward/iam/policy'

/** A request whose host, size and SigV4 signature have been verified. */
export type AwsRequest = {
  method: string
  /** Path as received, still percent-encoded, without the query. */
  path: string
  query: URLSearchParams
  /** Header names in lower case. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** UUID, returned as `x-amzn-RequestId`. */
  requestId: string
  principal: Principal
}

export type AwsResponse = {
  status: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** An AWS service behind the endpoint, selected by the SigV4 scope. */
export type Service = {
  /** Service name in the SigV4 scope, e.g. `kms`. */
  readonly name: string
  readonly maxBodyBytes: number
  handle(request: AwsRequest): Promise<AwsResponse>
  /**
   * Returns the operation's name for the counters; by default, the name in
   * `x-amz-target`.
   */
  operationOf?(request: Pick<AwsRequest, 'body'>): string | undefined
  /**
   * Renders errors raised before `handle` (signature, size) in this service's
   * format.
   */
  renderError(error: AwsError, requestId: string): AwsResponse
}

/** An error from an AWS service. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  /** For example `DisabledException`. */
  readonly type: string
  /**
   * The literal text. If undefined, the member is omitted, as AWS sometimes
   * does.
   */
  readonly text: string | undefined
  readonly status: number
  /** The home's own headers, in addition to the service's. */
  readonly headers: Readonly<Record<string, string>> | undefined

  constructor(
    type: string,
    text?: string,
    status = 400,
    headers?: Readonly<Record<string, string>>,
  ) {
    super(text ?? type)
    this.type = type
    this.text = text
    this.status = status
    this.headers = headers
  }
}
