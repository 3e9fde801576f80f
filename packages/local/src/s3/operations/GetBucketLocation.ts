import { authorizeBucket } from '../authorizeBucket.js'
import type { S3Operation } from '../S3Context.js'
import { toXmlResponse } from './xml.js'

/** The location is empty for us-east-1, for historical reasons. */
export const GetBucketLocation: S3Operation = (context, request) => {
  authorizeBucket(context, request, 's3:GetBucketLocation')
  return toXmlResponse('LocationConstraint', {})
}
