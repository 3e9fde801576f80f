import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Runtime } from '../../../packages/core/src/rpc/Runtime.js'
import { createWindows } from '../../../packages/guard/src/windows/dynamodb/createWindows.js'
import { callDynamo } from '../ledgerTable.js'
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
    endpoint: home.endpoint,
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
    },
  }
  await callDynamo(aws, 'CreateTable', {
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
  const { port } = new URL(home.endpoint)
  const writtenAt = new Map<string, number>()
  const door = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    calls.push(String(headers['x-amz-target']).replace(/^.*\./, ''))
    // What is sent while something is under way takes no time of its own.
    if (counts.underWay++ === 0) counts.roundTrips++
    let body = ''
    incoming.on('data', (chunk) => {
      body += chunk
    })
    const onward = request({ port, method, path: url, headers }, (answer) => {
      const time = now()
      const { statusCode = 500 } = answer
      const [, token] = /"\+ (\w+) /.exec(body) ?? []
      if (token !== undefined && statusCode === 200) writtenAt.set(token, time)
      const date = new Date(time).toUTCString()
      // Also when nobody is there any more who asked.
      const chunks: Buffer[] = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => {
        outgoing.writeHead(statusCode, { ...answer.headers, date })
        outgoing.end(Buffer.concat(chunks))
      })
    })
    onward.on('close', () => counts.underWay--)
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
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
      callDynamo(aws, operation, { TableName: tableName, ...input }),
    async close() {
      door.closeAllConnections()
      door.close()
      await home.close()
    },
  }
}
