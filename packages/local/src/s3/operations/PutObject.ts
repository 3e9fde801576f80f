import { authorizeBucket } from '../authorizeBucket.js'
import { S3Error } from '../errors.js'
import { readContent } from '../readContent.js'
import type { S3Operation } from '../S3Context.js'
import { readObjectHeaders } from './objectHeaders.js'

export const PutObject: S3Operation = (context, request) => {
  const bucket = authorizeBucket(context, request, 's3:PutObject')
  const described = readObjectHeaders(request)
  const { content, checksum } = readContent(request)
  const condition = request.headers['if-none-match']
  if (condition === '*' && bucket.objects.get(request.key))
    throw new S3Error(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
      { Condition: 'If-None-Match' },
    )
  const { etag } = bucket.objects.put({
    ...described,
    content,
    ...(checksum && { checksum }),
    lastModified: context.now(),
  })
  return {
    status: 200,
    headers: {
      etag: `"${etag}"`,
      'x-amz-server-side-encryption': 'AES256',
      ...(checksum && {
        [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
      }),
    },
  }
}
