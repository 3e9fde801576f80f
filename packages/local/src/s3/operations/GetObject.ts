import { AwsError } from '../../protocol/Service.js'
import { authorizeBucket } from '../authorizeBucket.js'
import { noSuchKey, S3Error } from '../errors.js'
import type { S3Operation } from '../S3Context.js'
import { toObjectHeaders } from './objectHeaders.js'

/** Serves GetObject and, without the content, HeadObject. */
export const GetObject: S3Operation = (context, request) => {
  const { key, method, headers } = request
  const bucket = authorizeBucket(context, request, 's3:GetObject')
  const object = bucket.objects.get(key)
  if (!object) {
    // A caller that isn't allowed to list the bucket must not learn that an
    // object doesn't exist.
    if (!mayList()) throw new AwsError('AccessDenied', 'Access Denied', 403)
    throw noSuchKey(key)
  }
  const etag = `"${object.etag}"`
  const answered = toObjectHeaders(object, request)
  if (headers['if-match'] !== undefined && headers['if-match'] !== etag)
    throw new S3Error(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
      { Condition: 'If-Match' },
    )
  if (headers['if-none-match'] === etag)
    return { status: 304, headers: answered }
  const range = readRange(headers.range, object.size)
  const [from, to] = range ?? [0, object.size]
  return {
    status: range ? 206 : 200,
    headers: {
      ...(range ? toObjectHeaders(object, request, 'range') : answered),
      'content-length': String(to - from),
      ...(range && {
        'content-range': `bytes ${from}-${to - 1}/${object.size}`,
      }),
    },
    ...(method === 'GET' && {
      body: bucket.objects.read(object).subarray(from, to),
    }),
  }

  function mayList(): boolean {
    try {
      authorizeBucket(context, request, 's3:ListBucket')
      return true
    } catch {
      return false
    }
  }
}

/**
 * Reads a header with one range, as [from, end). Any other header is ignored.
 */
function readRange(
  header: string | undefined,
  size: number,
): [number, number] | undefined {
  const [, first = '', last = ''] =
    /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to =
    first === '' || last === '' ? size : Math.min(Number(last) + 1, size)
  if (from < to) return [from, to]
  throw new S3Error(
    'InvalidRange',
    'The requested range is not satisfiable',
    416,
    { RangeRequested: String(header), ActualObjectSize: String(size) },
  )
}
