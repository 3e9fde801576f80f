import { join } from 'node:path'
import type { Authorize } from '../iam/Authorize.js'
import * as awsJson from '../protocol/awsJson.js'
import { assertMembers, unknownOperation } from '../protocol/jsonOperations.js'
import type { Service } from '../protocol/Service.js'
import { lateParameters } from '../strict/lateParameters.js'
import { createParameterStore } from './createParameterStore.js'
import { members } from './members.js'
import { DeleteParameter } from './operations/DeleteParameter.js'
import { DescribeParameters } from './operations/DescribeParameters.js'
import { GetParameter } from './operations/GetParameter.js'
import { GetParameters } from './operations/GetParameters.js'
import { GetParametersByPath } from './operations/GetParametersByPath.js'
import { PutParameter } from './operations/PutParameter.js'
import type { SsmContext, SsmOperation } from './SsmContext.js'

const targetPrefix = 'AmazonSSM.'
const operations: Readonly<Record<string, SsmOperation>> = {
  DeleteParameter,
  DescribeParameters,
  GetParameter,
  GetParameters,
  GetParametersByPath,
  PutParameter,
}

/**
 * The parameters of AWS Systems Manager: the one from `cdk bootstrap`, and
 * those that users put, which functions read as they do in AWS. They are stored
 * unencrypted in the home's folder. Use them for tests, not for real secrets.
 */
export function createSsm(parameters: {
  dataDir: string
  accountId: string
  region: string
  authorize: Authorize
  now: () => number
  /** Constant values by name. */
  fixed: ReadonlyMap<string, string>
  /** Delay until reads show a change; default none. */
  lateMs?: (() => number) | undefined
}): Service {
  const { dataDir, fixed, lateMs, ...rest } = parameters
  const store = createParameterStore(join(dataDir, 'ssm'), fixed)
  const context: SsmContext = { ...rest, parameters: store }
  const reading: SsmContext = lateMs
    ? { ...rest, parameters: lateParameters(store, rest.now, lateMs) }
    : context
  return {
    name: 'ssm',
    maxBodyBytes: 1024 * 1024,
    renderError: awsJson.renderError,
    async handle({ headers, body, principal }) {
      const target = headers['x-amz-target'] ?? ''
      const name = target.startsWith(targetPrefix)
        ? target.slice(targetPrefix.length)
        : ''
      const operation = Object.hasOwn(operations, name)
        ? operations[name]
        : undefined
      if (!operation)
        throw unknownOperation('SSM', name, Object.keys(operations))
      const input = awsJson.parse(body)
      assertMembers(
        'ValidationException',
        name,
        input,
        members[name] ?? { read: [] },
      )
      const seen = /^(?:Get|Describe)/.test(name) ? reading : context
      return awsJson.render(operation(seen, input, principal))
    },
  }
}
