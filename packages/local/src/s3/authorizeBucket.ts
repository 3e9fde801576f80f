import { AwsError } from '../protocol/Service.js'
import { noSuchBucket } from './errors.js'
import type { Bucket, S3Context, S3Request } from './S3Context.js'

/**
 * Finds the bucket of a request and checks that the caller is allowed to make
 * the request.
 *
 * @throws AwsError NoSuchBucket, AccessDenied
 */
export function authorizeBucket(
  context: S3Context,
  request: S3Request,
  action: string,
): Bucket {
  const { bucketName, key, principal, headers } = request
  const bucket = context.buckets.get(bucketName)
  if (!bucket) throw noSuchBucket(bucketName)
  const owner = headers['x-amz-expected-bucket-owner']
  if (owner !== undefined && owner !== context.accountId)
    throw new AwsError('AccessDenied', 'Access Denied', 403)
  const isOfObject = /Object|Upload/.test(action)
  context.authorize({
    principal,
    action,
    resource: `arn:aws:s3:::${bucketName}${isOfObject ? `/${key}` : ''}`,
    // The ARN of a bucket doesn't show who owns it.
    context: {
      'aws:ResourceAccount': context.accountId,
      's3:ResourceAccount': context.accountId,
    },
  })
  return bucket
}
