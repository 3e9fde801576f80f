import { notImplemented } from '../errors.js'
import type { Upload } from '../MultipartUploads.js'
import type { StoredObject } from '../ObjectStore.js'
import type { S3Request } from '../S3Context.js'

const kept = [
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
]
/**
 * Options that the home doesn't support. If it ignored them, it would seem to
 * support them.
 */
const refused = [
  'x-amz-copy-source',
  'x-amz-object-lock-legal-hold',
  'x-amz-object-lock-mode',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-tagging',
  'x-amz-website-redirect-location',
]

/** The metadata that a request sets on its object. */
export function readObjectHeaders({ headers, key }: S3Request): Upload {
  if (refused.some((name) => headers[name] !== undefined))
    throw notImplemented()
  const encryption = headers['x-amz-server-side-encryption'] ?? 'AES256'
  if (encryption !== 'AES256') throw notImplemented()
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'aws-chunked')
    .join(',')
  return {
    key,
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    headers: {
      ...(encoding !== '' && { 'content-encoding': encoding }),
      ...Object.fromEntries(
        Object.entries(headers).filter(
          ([name]) => kept.includes(name) || name.startsWith('x-amz-meta-'),
        ),
      ),
    },
  }
}

export function toObjectHeaders(
  object: StoredObject,
  { headers }: S3Request,
  part: 'whole' | 'range' = 'whole',
): Record<string, string> {
  const { checksum } = object
  return {
    ...object.headers,
    'accept-ranges': 'bytes',
    'content-type': object.contentType,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.lastModified).toUTCString(),
    'x-amz-server-side-encryption': 'AES256',
    // The checksum of the whole object would not match a range.
    ...(checksum &&
      part === 'whole' &&
      headers['x-amz-checksum-mode'] === 'ENABLED' && {
        [`x-amz-checksum-${checksum.algorithm}`]: checksum.value,
      }),
  }
}
