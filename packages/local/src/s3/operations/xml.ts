import type { AwsResponse } from '../../protocol/Service.js'
import { elements, type XmlValue } from '../../protocol/Xml.js'

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** An answer with lists as repeated elements, as S3 writes them. */
export function toXmlResponse(
  root: string,
  members: { readonly [name: string]: XmlValue },
): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${elements(members, 'flat')}</${root}>`,
  }
}
