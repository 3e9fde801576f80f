import { join } from 'node:path'
import * as awsJson from '../protocol/awsJson.js'
import { assertMembers, unknownOperation } from '../protocol/jsonOperations.js'
import type { Service } from '../protocol/Service.js'
import { lateSecrets } from '../strict/lateSecrets.js'
import { createSecretStore } from './createSecretStore.js'
import { members } from './members.js'
import { type Context, operations } from './operations.js'

const target = /^secretsmanager\.(\w{1,64})$/

/**
 * AWS Secrets Manager with one version of each secret, so that functions can
 * read their settings as they do in AWS. Secrets are stored unencrypted in the
 * home's folder. Use it for tests, not for real secrets.
 */
export function createSecretsManager(
  parameters: {
    dataDir: string
    /** Delay until reads show a change; default none. */
    lateMs?: (() => number) | undefined
  } & Omit<Context, 'secrets'>,
): Service {
  const { dataDir, lateMs, ...rest } = parameters
  const store = createSecretStore(join(dataDir, 'secretsmanager'))
  const context: Context = { ...rest, secrets: store }
  const reading: Context = lateMs
    ? { ...rest, secrets: lateSecrets(store, rest.now, lateMs) }
    : context
  return {
    name: 'secretsmanager',
    maxBodyBytes: 1024 * 1024,
    renderError: awsJson.renderError,
    async handle({ headers, body, principal }) {
      const [, name = ''] = target.exec(headers['x-amz-target'] ?? '') ?? []
      const operation = Object.hasOwn(operations, name)
        ? operations[name]
        : undefined
      if (!operation)
        throw unknownOperation('Secrets Manager', name, Object.keys(operations))
      const input = awsJson.parse(body)
      const known = members[name] ?? { read: [] }
      assertMembers('InvalidParameterException', name, input, known)
      const seen = /^(?:Get|Describe|List)/.test(name) ? reading : context
      return awsJson.render(operation(seen, input, principal))
    },
  }
}
