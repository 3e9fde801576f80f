import { join } from 'node:path'
import type { Authorize } from '../iam/Authorize.js'
import { AwsError, type Service } from '../protocol/Service.js'
import { createRenderError } from './errors.js'
import { createMultipartUploads } from './MultipartUploads.js'
import { createObjectStore } from './ObjectStore.js'
import { route } from './route.js'
import type { Bucket, S3Context } from './S3Context.js'

export type S3 = Service & {
  /** The content of an object; undefined if the object doesn't exist. */
  read(bucketName: string, key: string): Buffer | undefined
}

/**
 * The size limit of a request, which is a part of an upload or a whole object.
 */
const maxBodyBytes = 64 * 1024 * 1024

/**
 * Amazon S3 with the buckets that an account has after `cdk bootstrap`,
 * addressed by path. Every object is on disk before its put is answered.
 */
export function createS3(parameters: {
  /** Objects are stored in its subfolder `s3`. */
  dataDir: string
  accountId: string
  region: string
  authorize: Authorize
  /** Milliseconds since 1970. */
  now: () => number
  bucketNames: readonly string[]
}): S3 {
  const { dataDir, accountId, region, authorize, now } = parameters
  const buckets = new Map(
    parameters.bucketNames.map((name): [string, Bucket] => {
      const folder = join(dataDir, 's3', name)
      return [
        name,
        {
          name,
          objects: createObjectStore(join(folder, 'objects')),
          uploads: createMultipartUploads(join(folder, 'uploads'), now),
          createdAt: 0,
        },
      ]
    }),
  )
  const context: S3Context = { accountId, region, authorize, buckets, now }
  const renderError = createRenderError(region)
  return {
    name: 's3',
    maxBodyBytes,
    renderError,
    async handle(request) {
      try {
        const { operation, bucketName, key } = route(request)
        const answer = operation(context, { ...request, bucketName, key })
        return {
          ...answer,
          headers: {
            ...answer.headers,
            'x-amz-request-id': request.requestId,
          },
        }
      } catch (error) {
        if (error instanceof AwsError)
          return renderError(error, request.requestId)
        throw error
      }
    },
    read(bucketName, key) {
      const objects = buckets.get(bucketName)?.objects
      const object = objects?.get(key)
      return object && objects?.read(object)
    },
  }
}
