import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Policy from '../../packages/iam/src/policy/Policy.js'
import type { Authorize } from '../../packages/local/src/iam/Authorize.js'
import { createAuthorize } from '../../packages/local/src/iam/createAuthorize.js'
import {
  createServer,
  type Server,
} from '../../packages/local/src/protocol/createServer.js'
import type { Service } from '../../packages/local/src/protocol/Service.js'
import { run } from './runCli.js'
import { toolPath } from './tools.js'

export const accountId = '000000000000'
export const region = 'us-east-1'
/** May do everything. */
export const operator = 'AKIAOPERATOROPERATOR'
/** May do what the test says. */
export const reader = 'AKIAREADERREADERREAD'

/**
 * One service of the local home behind an endpoint of its own, in a folder of
 * its own, and Debian's aws in front of it.
 */
export async function serveAlone(
  create: (shared: {
    dataDir: string
    accountId: string
    region: string
    now: () => number
    authorize: Authorize
  }) => Service,
) {
  const folder = await mkdtemp(join(tmpdir(), 'keyward alone '))
  const statements: Record<string, object> = {
    [operator]: { Effect: 'Allow', Action: '*', Resource: '*' },
  }
  const principalOf = (accessKeyId: string) => ({
    arn: `arn:aws:iam::${accountId}:user/${accessKeyId}`,
    account: accountId,
  })
  const authorize = createAuthorize({
    now: Date.now,
    identityPolicies: ({ arn }) => {
      const Statement = statements[arn.split('/')[1] ?? '']
      if (Statement === undefined) return []
      const document = { Version: '2012-10-17', Statement }
      return [Policy.fromValue(document as never, 'identity')]
    },
  })
  let service: Service
  let server: Server
  async function start() {
    service = create({
      dataDir: folder,
      accountId,
      region,
      now: Date.now,
      authorize,
    })
    server = await createServer({
      port: 0,
      region,
      services: [service],
      now: Date.now,
      findCredential: (accessKeyId) => ({
        accessKeyId,
        secretAccessKey: 'secret',
        principal: principalOf(accessKeyId),
      }),
      onUnexpected: (error) => {
        throw error
      },
    })
  }
  await start()
  return {
    folder,
    /** What the reader may do from now on. */
    letReader(statement: object) {
      statements[reader] = statement
    },
    async restart() {
      await server.close()
      await start()
    },
    /** What Debian's aws answers, or why it failed. */
    async aws(as: string, ...args: string[]) {
      const ran = await run(
        toolPath('aws'),
        ['--endpoint-url', server.endpoint, '--output', 'json', ...args],
        {
          env: {
            HOME: folder,
            AWS_ACCESS_KEY_ID: as,
            AWS_SECRET_ACCESS_KEY: 'secret',
            AWS_DEFAULT_REGION: region,
          },
        },
      )
      if (ran.code !== 0) return ran.stderr.trim()
      return ran.stdout === '' ? undefined : JSON.parse(ran.stdout)
    },
    /** What it answers to JSON of any kind. */
    async send(target: string, input: object, as = operator) {
      const answer = await Promise.resolve(
        service.handle({
          method: 'POST',
          path: '/',
          query: new URLSearchParams(),
          headers: { 'x-amz-target': target },
          body: Buffer.from(JSON.stringify(input)),
          requestId: 'id',
          principal: principalOf(as),
        }),
      ).catch((error) => service.renderError(error, 'id'))
      return JSON.parse(String(answer.body))
    },
    async close() {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}
