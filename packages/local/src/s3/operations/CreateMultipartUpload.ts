import { authorizeBucket } from '../authorizeBucket.js'
import type { S3Operation } from '../S3Context.js'
import { readObjectHeaders } from './objectHeaders.js'
import { toXmlResponse } from './xml.js'

export const CreateMultipartUpload: S3Operation = (context, request) => {
  const bucket = authorizeBucket(context, request, 's3:PutObject')
  return toXmlResponse('InitiateMultipartUploadResult', {
    Bucket: bucket.name,
    Key: request.key,
    UploadId: bucket.uploads.create(readObjectHeaders(request)),
  })
}
