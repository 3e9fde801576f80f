import type { Assembly } from '../template/readAssembly.js'
import { TemplateError } from '../template/TemplateError.js'
import type { S3 } from './createS3.js'

/**
 * Reads functions' code from S3. Reports missing code with Lambda's error text.
 */
export function createS3Asset(s3: S3): Assembly['asset'] {
  return (objectKey, bucketName) => {
    if (bucketName === undefined)
      throw new TemplateError('Code: S3Bucket is missing.')
    const archive = s3.read(bucketName, objectKey)
    if (archive) return { archive }
    throw new TemplateError(
      `Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. (s3://${bucketName}/${objectKey})`,
    )
  }
}
