import { join } from 'node:path'
import * as awsJson from '../protocol/awsJson.js'
import { assertMembers, unknownOperation } from '../protocol/jsonOperations.js'
import type { Service } from '../protocol/Service.js'
import { createSecretStore } from './createSecretStore.js'
import { members } from './members.js'
import { type Context, operations } from './operations.js'

const target = /^secretsmanager\.(\w{1,64})$/

/**
 * AWS Secrets Manager with one version of each secret, so that functions read
 * their settings here as they do in AWS. Secrets are kept in the home's folder
 * as they are: it is for tests, and for nothing that is worth stealing.
 */
export function createSecretsManager(
  parameters: { dataDir: string } & Omit<Context, 'secrets'>,
): Service {
  const { dataDir, ...rest } = parameters
  const context: Context = {
    ...rest,
    secrets: createSecretStore(join(dataDir, 'secretsmanager')),
  }
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
      return awsJson.render(operation(context, input, principal))
    },
  }
}
