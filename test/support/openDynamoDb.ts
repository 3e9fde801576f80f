import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import * as Policy from '../../packages/iam/src/policy/Policy.js'
import type { Principal } from '../../packages/iam/src/policy/Principal.js'
import { createDynamoDb } from '../../packages/local/src/dynamodb/createDynamoDb.js'
import { createAuthorize } from '../../packages/local/src/iam/createAuthorize.js'
import { createServer } from '../../packages/local/src/protocol/createServer.js'
import { sendHttp } from './sendHttp.js'
import { signRequest } from './signRequest.js'

const accountId = '000000000000'
const region = 'us-east-1'
const secretAccessKey = 'secret'

type Statements = Record<string, object | object[]>

export const tableArn = (name: string) =>
  `arn:aws:dynamodb:${region}:${accountId}:table/${name}`

export const user = (name: string): Principal => ({
  arn: `arn:aws:iam::${accountId}:user/${name}`,
  account: accountId,
})

export const root: Principal = {
  arn: `arn:aws:iam::${accountId}:root`,
  account: accountId,
}

/** What a role's session is, outside a function or in one. */
export const session = (role: string, functionName?: string): Principal => ({
  arn: `arn:aws:sts::${accountId}:assumed-role/${role}/s`,
  account: accountId,
  roleArn: `arn:aws:iam::${accountId}:role/${role}`,
  ...(functionName !== undefined && {
    sourceFunctionArn: `arn:aws:lambda:${region}:${accountId}:function:${functionName}`,
  }),
})

/**
 * DynamoDB behind the real server. Each user and role has the statements of its
 * name; the operator may do everything.
 */
export async function openDynamoDb(
  parameters: {
    dataDir?: string
    policies?: Statements
    now?: () => number
  } = {},
) {
  const { policies = {}, now = Date.now } = parameters
  const closers: (() => unknown)[] = []
  const newFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyward dynamodb '))
    closers.push(() => rmSync(folder, { recursive: true }))
    return folder
  }
  const dataDir = parameters.dataDir ?? newFolder()
  const all = { Effect: 'Allow', Action: '*', Resource: '*' }
  const statements: Statements = { operator: all, ...policies }
  const accessKeyOf = (name: string) =>
    `AKIA${name.toUpperCase().padEnd(16, '7')}`
  const nameOf = (accessKeyId: string) =>
    accessKeyId.slice(4).replaceAll('7', '').toLowerCase()
  const authorize = createAuthorize({
    now,
    identityPolicies: ({ arn }) => {
      const Statement = statements[arn.split('/')[1] ?? '']
      return Statement
        ? [
            Policy.fromValue(
              { Version: '2012-10-17', Statement } as never,
              'identity',
            ),
          ]
        : []
    },
  })
  const db = await createDynamoDb({
    dataDir,
    accountId,
    region,
    authorize,
    now,
  })
  const server = await createServer({
    port: 0,
    region,
    services: [db],
    now: Date.now,
    findCredential: (accessKeyId) => ({
      accessKeyId,
      secretAccessKey,
      principal: user(nameOf(accessKeyId)),
    }),
    onUnexpected: (error) => {
      throw error
    },
  })
  let isClosed = false
  return {
    db,
    dataDir,
    endpoint: server.endpoint,
    /** For programs that find the credentials there. */
    env: (name: string) => ({
      AWS_ACCESS_KEY_ID: accessKeyOf(name),
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
    }),
    call: (
      operation: string,
      input: Record<string, unknown>,
      principal = user('operator'),
    ) => db.call(operation, input, principal),
    as(name: string) {
      const client = new DynamoDBClient({
        endpoint: server.endpoint,
        region,
        credentials: { accessKeyId: accessKeyOf(name), secretAccessKey },
        maxAttempts: 1,
      })
      closers.push(() => client.destroy())
      return client
    },
    /** Status and body of a request as it is. */
    async send(operation: string, body: string, name = 'operator') {
      const headers = signRequest({
        credentials: { accessKeyId: accessKeyOf(name), secretAccessKey },
        headers: {
          host: new URL(server.endpoint).host,
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
        },
        body,
        region,
        service: 'dynamodb',
        now: Date.now(),
      })
      const answer = await sendHttp(server.endpoint, { headers, body })
      return [answer.status, JSON.parse(answer.body)]
    },
    /** The folder stays if it was given. */
    async close() {
      if (isClosed) return
      isClosed = true
      await server.close()
      await db.close()
      for (const close of closers.splice(0).reverse()) await close()
    },
  }
}
