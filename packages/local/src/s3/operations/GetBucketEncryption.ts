import { authorizeBucket } from '../authorizeBucket.js'
import type { S3Operation } from '../S3Context.js'
import { toXmlResponse } from './xml.js'

/** SSE-S3, every bucket's default. */
export const GetBucketEncryption: S3Operation = (context, request) => {
  authorizeBucket(context, request, 's3:GetEncryptionConfiguration')
  return toXmlResponse('ServerSideEncryptionConfiguration', {
    Rule: {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BucketKeyEnabled: false,
    },
  })
}
