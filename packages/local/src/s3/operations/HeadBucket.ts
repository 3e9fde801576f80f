import { authorizeBucket } from '../authorizeBucket.js'
import type { S3Operation } from '../S3Context.js'

export const HeadBucket: S3Operation = (context, request) => {
  authorizeBucket(context, request, 's3:ListBucket')
  return {
    status: 200,
    headers: {
      'content-type': 'application/xml',
      'x-amz-bucket-region': context.region,
    },
  }
}
