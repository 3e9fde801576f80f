import { authorizeBucket } from '../authorizeBucket.js'
import { invalidArgument, notImplemented } from '../errors.js'
import { readContent } from '../readContent.js'
import type { S3Operation } from '../S3Context.js'
import { findUpload } from './findUpload.js'

export const UploadPart: S3Operation = (context, request) => {
  const bucket = authorizeBucket(context, request, 's3:PutObject')
  if (request.headers['x-amz-copy-source'] !== undefined) throw notImplemented()
  const { id } = findUpload(bucket, request)
  const number = request.query.get('partNumber') ?? ''
  if (!/^[1-9]\d{0,4}$/.test(number) || Number(number) > 10_000)
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      number,
    )
  const { content, checksum } = readContent(request)
  const etag = bucket.uploads.putPart(id, Number(number), content)
  return {
    status: 200,
    headers: {
      etag: `"${etag}"`,
      ...(checksum && {
        [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
      }),
    },
  }
}
