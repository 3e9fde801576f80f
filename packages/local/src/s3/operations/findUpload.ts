import { S3Error } from '../errors.js'
import type { Upload } from '../MultipartUploads.js'
import type { Bucket, S3Request } from '../S3Context.js'

/** @throws S3Error NoSuchUpload */
export function findUpload(
  { uploads }: Bucket,
  { query, key }: S3Request,
): { id: string; upload: Upload } {
  const id = query.get('uploadId') ?? ''
  const upload = uploads.get(id)
  if (upload?.key === key) return { id, upload }
  throw new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
    { UploadId: id.slice(0, 80) },
  )
}
