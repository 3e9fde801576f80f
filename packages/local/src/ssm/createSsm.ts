import type { Authorize } from '../iam/Authorize.js'
import * as awsJson from '../protocol/awsJson.js'
import { AwsError, type Service } from '../protocol/Service.js'
import { GetParameter } from './operations/GetParameter.js'
import { GetParameters } from './operations/GetParameters.js'
import type { SsmContext, SsmOperation } from './SsmContext.js'

const targetPrefix = 'AmazonSSM.'
const operations: Readonly<Record<string, SsmOperation>> = {
  GetParameter,
  GetParameters,
}

/** AWS Systems Manager's parameters: those that `cdk bootstrap` leaves. */
export function createSsm(parameters: {
  accountId: string
  region: string
  authorize: Authorize
  /** Texts by name. */
  parameters: ReadonlyMap<string, string>
}): Service {
  const context: SsmContext = parameters
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
      if (!operation) throw new AwsError('UnknownOperationException')
      return awsJson.render(operation(context, awsJson.parse(body), principal))
    },
  }
}
