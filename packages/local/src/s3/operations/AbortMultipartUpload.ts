import { authorizeBucket } from '../authorizeBucket.js'
import type { S3Operation } from '../S3Context.js'
import { findUpload } from './findUpload.js'

export const AbortMultipartUpload: S3Operation = (context, request) => {
  const bucket = authorizeBucket(context, request, 's3:AbortMultipartUpload')
  bucket.uploads.remove(findUpload(bucket, request).id)
  return { status: 204, headers: {} }
}
