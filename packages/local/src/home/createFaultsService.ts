import { HomeError } from '../HomeError.js'
import * as awsJson from '../protocol/awsJson.js'
import { AwsError, type Service } from '../protocol/Service.js'
import type { Faults } from './Faults.js'

export const path = '/_keyward/faults'

/**
 * Changes the bad days while the home runs: `PUT /_keyward/faults`, signed for
 * the service `keyward` by the operator or root, answers the faults in force.
 */
export function createFaultsService(parameters: {
  /** ARNs of those who may. */
  principals: readonly string[]
  /** @throws {HomeError} invalid-faults */
  setFaults: (change: object) => Faults
}): Service {
  const { principals, setFaults } = parameters
  return {
    name: 'keyward',
    maxBodyBytes: 4096,
    renderError: (error) => awsJson.renderError(error),
    async handle(request) {
      if (request.method !== 'PUT' || request.path !== path)
        throw new AwsError(
          'UnknownOperationException',
          `The local home has PUT ${path} and nothing else here.`,
        )
      if (!principals.includes(request.principal.arn))
        throw new AwsError(
          'AccessDeniedException',
          `Only ${principals.join(' or ')} may set faults.`,
        )
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change(request.body)),
      }
    },
  }

  function change(body: Buffer): Faults {
    try {
      const value: unknown = JSON.parse(body.toString('utf8'))
      return setFaults(typeof value === 'object' && value ? value : { value })
    } catch (error) {
      if (!(error instanceof HomeError) && !(error instanceof SyntaxError))
        throw error
      throw new AwsError(
        'ValidationException',
        error instanceof HomeError ? error.message : 'The body is not JSON.',
      )
    }
  }
}
