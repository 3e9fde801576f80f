import type { AwsRequest } from '../protocol/Service.js'
import { invalidArgument, notImplemented } from './errors.js'
import { AbortMultipartUpload } from './operations/AbortMultipartUpload.js'
import { CompleteMultipartUpload } from './operations/CompleteMultipartUpload.js'
import { CreateMultipartUpload } from './operations/CreateMultipartUpload.js'
import { DeleteObject } from './operations/DeleteObject.js'
import { GetBucketEncryption } from './operations/GetBucketEncryption.js'
import { GetBucketLocation } from './operations/GetBucketLocation.js'
import { GetObject } from './operations/GetObject.js'
import { HeadBucket } from './operations/HeadBucket.js'
import { ListBuckets } from './operations/ListBuckets.js'
import { ListObjectsV2 } from './operations/ListObjectsV2.js'
import { PutObject } from './operations/PutObject.js'
import { UploadPart } from './operations/UploadPart.js'
import type { S3Operation } from './S3Context.js'

/**
 * The method, the kind of resource, the sub-resource in the query, and the
 * operation.
 */
const routes: readonly [
  method: string,
  of: 'account' | 'bucket' | 'object',
  subresource: string,
  operation: S3Operation,
][] = [
  ['GET', 'account', '', ListBuckets],
  ['HEAD', 'bucket', '', HeadBucket],
  ['GET', 'bucket', 'location', GetBucketLocation],
  ['GET', 'bucket', 'encryption', GetBucketEncryption],
  ['GET', 'bucket', 'list-type', ListObjectsV2],
  ['PUT', 'object', '', PutObject],
  ['GET', 'object', '', GetObject],
  ['HEAD', 'object', '', GetObject],
  ['DELETE', 'object', '', DeleteObject],
  ['POST', 'object', 'uploads', CreateMultipartUpload],
  ['PUT', 'object', 'uploadId', UploadPart],
  ['POST', 'object', 'uploadId', CompleteMultipartUpload],
  ['DELETE', 'object', 'uploadId', AbortMultipartUpload],
]

/** Names in a query that select a special operation. */
const subresources =
  /^(?:accelerate|acl|analytics|attributes|cors|delete|encryption|intelligent-tiering|inventory|legal-hold|lifecycle|list-type|location|logging|metrics|notification|object-lock|ownershipControls|policy|policyStatus|publicAccessBlock|replication|requestPayment|restore|retention|select|session|tagging|torrent|uploadId|uploads|versionId|versioning|versions|website)$/

/**
 * Finds the operation for a method, path and query.
 *
 * @throws S3Error NotImplemented for operations that the local S3 doesn't have.
 */
export function route({ method, path, query }: AwsRequest): {
  operation: S3Operation
  bucketName: string
  key: string
} {
  const [, bucketName = '', ...rest] = path.split('/').map(decode)
  const key = rest.join('/')
  const of = bucketName === '' ? 'account' : key === '' ? 'bucket' : 'object'
  const found = [...query.keys()].filter((name) => subresources.test(name))
  const [subresource = ''] = found
  const match = routes.find(
    ([verb, what, name]) =>
      verb === method && what === of && name === subresource,
  )
  if (!match || found.length > 1)
    throw notImplemented(
      `The local S3 doesn't have the operation ${method} for ${of === 'account' ? 'an account' : `a ${of}`.replace('a object', 'an object')}${found.map((name) => `?${name}`).join('')}. It has: ${[...new Set(routes.map(([, , , each]) => each.name))].join(', ')}.`,
    )
  if (Buffer.byteLength(key) > 1024)
    throw invalidArgument('Your key is too long', 'Key', key)
  return { operation: match[3], bucketName, key }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalidArgument('The path is not percent-encoded UTF-8.', 'Key', text)
  }
}
