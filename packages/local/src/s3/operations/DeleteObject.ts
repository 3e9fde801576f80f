import { authorizeBucket } from '../authorizeBucket.js'
import type { S3Operation } from '../S3Context.js'

/** Succeeds even if the object doesn't exist. */
export const DeleteObject: S3Operation = (context, request) => {
  const bucket = authorizeBucket(context, request, 's3:DeleteObject')
  bucket.objects.remove(request.key)
  return { status: 204, headers: {} }
}
