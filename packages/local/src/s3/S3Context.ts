import type { Authorize } from '../iam/Authorize.js'
import type { AwsRequest, AwsResponse } from '../protocol/Service.js'
import type { MultipartUploads } from './MultipartUploads.js'
import type { ObjectStore } from './ObjectStore.js'

export type Bucket = {
  name: string
  objects: ObjectStore
  uploads: MultipartUploads
  /** Milliseconds since 1970. */
  createdAt: number
}

/** The context of the operations. */
export type S3Context = {
  accountId: string
  region: string
  authorize: Authorize
  buckets: ReadonlyMap<string, Bucket>
  /** Milliseconds since 1970. */
  now: () => number
}

/** A request for a bucket, or for an object in it. */
export type S3Request = AwsRequest & { bucketName: string; key: string }

export type S3Operation = (
  context: S3Context,
  request: S3Request,
) => AwsResponse
