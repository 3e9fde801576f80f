import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Runtime } from '../../../packages/core/src/rpc/Runtime.js'
import { createWindows } from '../../../packages/guard/src/windows/dynamodb/createWindows.js'
import { toBody } from '../../../packages/local/src/dynamodb/errors.js'
import { AwsError } from '../../../packages/local/src/protocol/Service.js'
import { openDynamoDb } from '../openDynamoDb.js'

export type GuardTable = Awaited<ReturnType<typeof openGuardTable>>

const tableName = 'guard'

/**
 * The guard's table in the home's DynamoDB, behind a door that writes down what
 * is called, and answers with a clock of its own.
 *
 * @param now - What `Date` says, in ms since 1970; asked once for each answer.
 */
export async function openGuardTable(now: () => number = Date.now) {
  const home = await openDynamoDb()
  const env = home.env('operator')
  const aws = {
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    },
  }
  await home.call('CreateTable', {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  })
  const calls: string[] = []
  const counts = { underWay: 0, roundTrips: 0 }
  const writtenAt = new Map<string, number>()

  async function answer(operation: string, body: string) {
    calls.push(operation)
    // What is sent while something is under way takes no time of its own.
    if (counts.underWay++ === 0) counts.roundTrips++
    try {
      const input = JSON.parse(body)
      assertShort(input)
      const output = await home.call(operation, input)
      return { status: 200, output }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      return { status: error.status, output: toBody(error) }
    } finally {
      counts.underWay--
    }
  }

  const door = createServer(async (incoming, outgoing) => {
    const target = String(incoming.headers['x-amz-target'])
    const body = Buffer.concat(await incoming.toArray()).toString()
    const { status, output } = await answer(target.replace(/^.*\./, ''), body)
    const time = now()
    const [, token] = /"\+ (\w+) /.exec(body) ?? []
    // Later writes that name it take it out again.
    const isFirst = token !== undefined && !writtenAt.has(token)
    if (isFirst && status === 200) writtenAt.set(token, time)
    outgoing.writeHead(status, { date: new Date(time).toUTCString() })
    outgoing.end(JSON.stringify(output))
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  const endpoint = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
  // A machine that is busy is slow.
  const options = { ...aws, endpoint, tableName, timeoutMs: 60_000 }
  return {
    options,
    /** The operations in order, since it was emptied last. */
    calls,
    /** Until all is done that was sent, also by those that are gone. */
    async drain() {
      while (counts.underWay > 0) await sleep(10)
    },
    /** When each reservation was written, by the token of its entry. */
    writtenAt,
    /** So often something was sent while nothing was under way. */
    get roundTrips() {
      return counts.roundTrips
    },
    set roundTrips(count) {
      counts.roundTrips = count
    },
    newWindows: (runtime?: Runtime) => createWindows({ ...options, runtime }),
    call: (operation: string, input: object) =>
      home.call(operation, { TableName: tableName, ...input }),
    /** What is reserved still, of each item. */
    async readOpen(): Promise<object[]> {
      const { Items } = (await home.call('Query', {
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'windows' } },
      })) as { Items: { open: { M: object } }[] }
      return Items.map(({ open }) => open.M)
    },
    async close() {
      door.closeAllConnections()
      door.close()
      await home.close()
    },
  }
}

/** DynamoDB's limit, which the home's does not have. */
function assertShort(input: Record<string, unknown>) {
  for (const [name, text] of Object.entries(input))
    if (name.endsWith('Expression') && String(text).length > 4096)
      throw new AwsError(
        'ValidationException',
        `Invalid ${name}: Expression size has exceeded the maximum allowed size`,
      )
}
