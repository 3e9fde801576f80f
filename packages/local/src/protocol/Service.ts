import type { Principal } from '@keyward/iam/policy'

/** A request whose host, size and SigV4 signature have been checked. */
export type AwsRequest = {
  method: string
  /** Path as received, still percent-encoded, without the query. */
  path: string
  query: URLSearchParams
  /** Header names in lower case. */
  headers: Readonly<Record<string, string>>
  body: Buffer
  /** UUID, answered as `x-amzn-RequestId`. */
  requestId: string
  principal: Principal
}

export type AwsResponse = {
  status: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** One AWS service behind the endpoint, chosen by the SigV4 scope. */
export type Service = {
  /** Service name in the SigV4 scope, e.g. `kms`. */
  readonly name: string
  readonly maxBodyBytes: number
  handle(request: AwsRequest): Promise<AwsResponse>
  /** Names the operation for the counters; default: of `x-amz-target`. */
  operationOf?(request: Pick<AwsRequest, 'body'>): string | undefined
  /** Errors found before `handle` (signature, size), in this service's form. */
  renderError(error: AwsError, requestId: string): AwsResponse
}

/** An error as an AWS service answers it. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  /** For example `DisabledException`. */
  readonly type: string
  /** Literal text; undefined leaves the member out, as AWS sometimes does. */
  readonly text: string | undefined
  readonly status: number
  /** Headers of the home's own, beside those of the service. */
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
