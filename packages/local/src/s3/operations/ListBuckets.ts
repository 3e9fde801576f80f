import type { S3Operation } from '../S3Context.js'
import { toXmlResponse } from './xml.js'

export const ListBuckets: S3Operation = (context, { principal }) => {
  context.authorize({
    principal,
    action: 's3:ListAllMyBuckets',
    resource: '*',
  })
  return toXmlResponse('ListAllMyBucketsResult', {
    Owner: { ID: context.accountId },
    Buckets: {
      Bucket: [...context.buckets.values()].map(({ name, createdAt }) => ({
        Name: name,
        CreationDate: new Date(createdAt),
      })),
    },
  })
}
