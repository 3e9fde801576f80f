import { createHash } from 'node:crypto'
import { authorizeBucket } from '../authorizeBucket.js'
import { S3Error } from '../errors.js'
import type { S3Operation } from '../S3Context.js'
import { findUpload } from './findUpload.js'
import { toXmlResponse } from './xml.js'

/**
 * Unpacked code can have up to 250 MB, so larger objects would be of no use
 * here.
 */
const maxObjectBytes = 256 * 1024 * 1024
const minPartBytes = 5 * 1024 * 1024

export const CompleteMultipartUpload: S3Operation = (context, request) => {
  const bucket = authorizeBucket(context, request, 's3:PutObject')
  const { id, upload } = findUpload(bucket, request)
  const wanted = readParts(request.body.toString())
  let size = 0
  const parts = wanted.map(({ number, etag }, i) => {
    const before = wanted[i - 1]
    if (before && before.number >= number)
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
      )
    const part = bucket.uploads.part(id, number)
    if (part?.etag !== etag)
      throw new S3Error(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { PartNumber: String(number) },
      )
    size += part.content.length
    if (size > maxObjectBytes)
      throw new S3Error(
        'EntityTooLarge',
        'Your proposed upload exceeds the maximum allowed object size.',
        400,
        { MaxSizeAllowed: String(maxObjectBytes) },
      )
    if (part.content.length < minPartBytes && i < wanted.length - 1)
      throw new S3Error(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        { PartNumber: String(number) },
      )
    return part
  })
  const tags = createHash('md5')
  for (const { etag } of parts) tags.update(etag, 'hex')
  const object = bucket.objects.put({
    ...upload,
    content: Buffer.concat(parts.map(({ content }) => content)),
    etag: `${tags.digest('hex')}-${parts.length}`,
    lastModified: context.now(),
  })
  bucket.uploads.remove(id)
  return toXmlResponse('CompleteMultipartUploadResult', {
    Bucket: bucket.name,
    Key: request.key,
    ETag: `"${object.etag}"`,
  })
}

/** `<Part>` elements, with `PartNumber` and `ETag` in either order. */
function readParts(xml: string): { number: number; etag: string }[] {
  const parts = [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(
    ([, part = '']) => {
      const number = /<PartNumber>\s*(\d{1,5})\s*<\/PartNumber>/.exec(part)?.[1]
      const etag =
        /<ETag>\s*(?:"|&quot;|&#34;)?([0-9a-f]{32})(?:"|&quot;|&#34;)?\s*<\/ETag>/.exec(
          part,
        )?.[1]
      if (number === undefined || etag === undefined) throw malformed()
      return { number: Number(number), etag }
    },
  )
  if (parts.length === 0 || parts.length > 10_000) throw malformed()
  return parts
}

function malformed() {
  return new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
}
