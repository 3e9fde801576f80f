import { authorizeBucket } from '../authorizeBucket.js'
import { invalidArgument } from '../errors.js'
import type { S3Operation, S3Request } from '../S3Context.js'
import { toXmlResponse } from './xml.js'

export const ListObjectsV2: S3Operation = (context, request) => {
  const { query } = request
  const bucket = authorizeBucket(context, request, 's3:ListBucket')
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const token = query.get('continuation-token')
  const after = token === null ? query.get('start-after') : readToken(token)
  const limit = readMaxKeys(request)
  const encode = query.get('encoding-type') === 'url' ? encodeKey : same

  const contents: object[] = []
  const prefixes = new Set<string>()
  let last = ''
  let isTruncated = false
  for (const object of bucket.objects.list()) {
    const { key } = object
    if (!key.startsWith(prefix)) continue
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length)
    const name = common ?? key
    if (after !== null && Buffer.compare(bytes(name), bytes(after)) <= 0)
      continue
    if (common !== undefined && prefixes.has(common)) continue
    if (contents.length + prefixes.size >= limit) {
      isTruncated = true
      break
    }
    last = name
    if (common !== undefined) prefixes.add(common)
    else
      contents.push({
        Key: encode(key),
        LastModified: new Date(object.lastModified),
        ETag: `"${object.etag}"`,
        Size: object.size,
        StorageClass: 'STANDARD',
      })
  }
  return toXmlResponse('ListBucketResult', {
    Name: bucket.name,
    Prefix: encode(prefix),
    ...(delimiter !== '' && { Delimiter: encode(delimiter) }),
    MaxKeys: limit,
    ...(encode === encodeKey && { EncodingType: 'url' }),
    KeyCount: contents.length + prefixes.size,
    IsTruncated: isTruncated,
    ...(token !== null && { ContinuationToken: token }),
    ...(isTruncated && {
      NextContinuationToken: Buffer.from(last).toString('base64url'),
    }),
    Contents: contents as [],
    CommonPrefixes: [...prefixes].map((each) => ({ Prefix: encode(each) })),
  })
}

const bytes = (text: string) => Buffer.from(text)
const same = (text: string) => text

function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/')
}

function readToken(token: string): string {
  const text = Buffer.from(token, 'base64url').toString()
  if (token !== '' && Buffer.from(text).toString('base64url') === token)
    return text
  throw invalidArgument(
    'The continuation token provided is incorrect',
    'continuation-token',
    token,
  )
}

function readMaxKeys({ query }: S3Request): number {
  const text = query.get('max-keys') ?? '1000'
  if (/^\d{1,9}$/.test(text)) return Math.min(Number(text), 1000)
  throw invalidArgument(
    'Provided max-keys not an integer or within integer range',
    'max-keys',
    text,
  )
}
