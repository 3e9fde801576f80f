import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import * as awsJson from '../protocol/awsJson.js'
import { unknownOperation } from '../protocol/jsonOperations.js'
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Service,
} from '../protocol/Service.js'
import { assertFilled } from './assertFilled.js'
import { assertMembers } from './assertMembers.js'
import { createEngine } from './createEngine.js'
import { createRestores } from './createRestores.js'
import { createTableSettings } from './createTableSettings.js'
import type { DynamoContext } from './DynamoContext.js'
import { invalid, toBody } from './errors.js'
import type { Json } from './Json.js'
import { operations } from './operations.js'
import { permissionsOf } from './permissionsOf.js'
import { dropTable } from './restoreTable.js'
import * as Table from './Table.js'
import { unservedOperations } from './unservedOperations.js'

export type DynamoDb = Service & {
  /**
   * Runs an operation for the home itself, as a request from this principal.
   *
   * @throws AwsError, the operation's error
   */
  call(operation: string, input: Json, principal: Principal): Promise<Json>
  hasTable(name: string): boolean
  /** Waits for running operations. The tables stay on disk. */
  close(): Promise<void>
}

const target = /^DynamoDB_20120810\.(\w{1,64})$/

/**
 * DynamoDB, based on dynalite. This code checks signatures and the policies of
 * callers and tables; dynalite then runs the operation in this process. This
 * code adds table policies, deletion protection, backups and ARNs as table
 * names. There are no transactions, streams, TTL or PartiQL.
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
  /** Delay until global indexes show a write; default none. */
  lateMs?: (() => number) | undefined
}): Promise<DynamoDb> {
  const { accountId, region, authorize, now, lateMs } = parameters
  const folder = join(parameters.dataDir, 'dynamodb')
  const context: DynamoContext = {
    engine: await createEngine({
      folder: join(folder, 'db'),
      accountId,
      region,
      now,
      lateMs,
    }),
    settings: createTableSettings(folder),
    restores: createRestores(),
    accountId,
    region,
    authorize,
    now,
  }
  await finishTables(context)

  /** Runs each task after the earlier ones, even if those failed. */
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const turn = last.then(run)
    last = turn.catch(() => {})
    return turn
  }

  const call: DynamoDb['call'] = async (name, given, principal) => {
    const operation = Object.hasOwn(operations, name)
      ? operations[name]
      : undefined
    if (!operation && !unservedOperations.includes(name))
      throw unknownOperation('DynamoDB', name, Object.keys(operations))
    const input = Table.byName(given, context)
    for (const { action, resource } of permissionsOf(name, input, context)) {
      const tableName = Table.nameOf(resource, context)
      authorize({
        principal,
        action,
        resource,
        resourcePolicy:
          tableName === undefined || name === 'CreateTable'
            ? undefined
            : context.settings.get(tableName).policy?.document,
      })
    }
    if (!operation)
      throw unknownOperation('DynamoDB', name, Object.keys(operations))
    const { members, isCheckedByEngine, isExclusive } = operation
    assertMembers(name, input, members)
    const checked = isCheckedByEngine
      ? input
      : context.engine.check(input, members)
    const run = async () => {
      assertFilled(name, input, context)
      return await operation.run(context, checked, principal)
    }
    return isExclusive ? await inTurn(run) : await run()
  }

  const serve = async (request: AwsRequest): Promise<AwsResponse> => {
    const [, operation] =
      target.exec(request.headers['x-amz-target'] ?? '') ?? []
    if (operation === undefined)
      throw unknownOperation('DynamoDB', '', Object.keys(operations))
    if (request.body.length === 0) throw new AwsError('SerializationException')
    // In dynalite's objects, such a member would become the prototype and be
    // lost.
    if (/"__proto__"\s*:/.test(request.body.toString()))
      throw invalid(
        "The local home doesn't accept attributes or members with the name " +
          '__proto__.',
      )
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
    async close() {
      await last
      await context.restores.settled()
      await context.engine.close()
    },
  }
}

/** Reconciles tables and settings after the home was killed. */
async function finishTables({ engine, settings }: DynamoContext) {
  const tables = new Set(await engine.tableNames())
  for (const name of settings.names()) {
    if (!tables.has(name)) settings.clear(name)
    else if (settings.get(name).restore) {
      await dropTable({ engine, settings }, name)
      tables.delete(name)
    } else if (settings.get(name).pointInTimeRecovery)
      await engine.changes.resume(name)
  }
  for (const name of tables) if (!settings.has(name)) settings.change(name, {})
}

function renderError(error: AwsError): AwsResponse {
  const { headers, ...answer } = render(error.status, toBody(error))
  return { ...answer, headers: { ...headers, ...error.headers } }
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
