import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Authorize } from '../iam/Authorize.js'
import type { Principal } from '../iam/Principal.js'
import * as awsJson from '../protocol/awsJson.js'
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Service,
} from '../protocol/Service.js'
import { createEngine, isEngineOperation, type Json } from './createEngine.js'
import { createTableSettings } from './createTableSettings.js'
import { toBody } from './errors.js'
import { type Context, operations } from './operations.js'
import * as Table from './Table.js'

export type DynamoDb = Service & {
  /**
   * Does an operation for the home itself, as a request of this principal.
   *
   * @throws AwsError as the operation answers it.
   */
  call(operation: string, input: Json, principal: Principal): Promise<Json>
  hasTable(name: string): boolean
  /** Waits for what is under way; tables stay on disk. */
  close(): Promise<void>
}

const target = /^DynamoDB_20120810\.(\w{1,64})$/

/**
 * DynamoDB on dynalite: signatures and policies are checked here, then
 * dynalite does the operation in this process. Deletion protection, backups
 * and ARNs in the place of names are added. There are no transactions,
 * streams, TTL or PartiQL.
 *
 * @throws {HomeError} file-damaged
 */
export async function createDynamoDb(parameters: {
  dataDir: string
  accountId: string
  region: string
  authorize: Authorize
  /** Milliseconds since 1970. */
  now: () => number
}): Promise<DynamoDb> {
  const { accountId, region, authorize, now } = parameters
  const folder = join(parameters.dataDir, 'dynamodb')
  const engine = await createEngine({
    folder: join(folder, 'db'),
    accountId,
    region,
  })
  const context: Context = {
    engine,
    settings: createTableSettings(folder),
    now,
  }

  const call: DynamoDb['call'] = async (operation, given, principal) => {
    const own = Object.hasOwn(operations, operation)
      ? operations[operation]
      : undefined
    if (!own && !isEngineOperation(operation))
      throw new AwsError('UnknownOperationException')
    const input = Table.byName(given, parameters)
    for (const resource of Table.resourcesOf(input, parameters))
      authorize({ principal, action: `dynamodb:${operation}`, resource })
    if (own) return await own(context, input)
    if (isEngineOperation(operation)) return await engine.call(operation, input)
    throw new Error('unreachable')
  }

  const serve = async (request: AwsRequest): Promise<AwsResponse> => {
    const [, operation] =
      target.exec(request.headers['x-amz-target'] ?? '') ?? []
    if (operation === undefined) throw new AwsError('UnknownOperationException')
    if (request.body.length === 0) throw new AwsError('SerializationException')
    const input = awsJson.parse(request.body)
    return render(200, await call(operation, input, request.principal))
  }

  return {
    name: 'dynamodb',
    maxBodyBytes: 16 * 1024 * 1024,
    async handle(request) {
      try {
        return await serve(request)
      } catch (error) {
        if (error instanceof AwsError) return renderError(error)
        throw error
      }
    },
    renderError,
    call,
    hasTable: context.settings.has,
    close: () => engine.close(),
  }
}

function renderError(error: AwsError): AwsResponse {
  return render(error.status, toBody(error))
}

/** AWS JSON 1.0, with the checksum that DynamoDB's clients compare. */
function render(status: number, value: object): AwsResponse {
  const body = Buffer.from(JSON.stringify(value))
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-crc32': String(crc32(body)),
    },
    body,
  }
}
