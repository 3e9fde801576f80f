import * as Principals from '../iam/Principals.js'
import * as awsJson from '../protocol/awsJson.js'
import {
  AwsError,
  type AwsResponse,
  type Service,
} from '../protocol/Service.js'
import type { Faults } from './Faults.js'

const faultsPath = '/_keyward/faults'

/**
 * What the home itself answers, signed like everything else (service name
 * `keyward`) and for the operator and root only: `GET /_keyward/faults` and
 * `PUT /_keyward/faults` with some of the faults as JSON. Both answer all.
 */
export function createKeywardService(parameters: {
  accountId: string
  faults: () => Faults
  setFaults: (by: object) => void
}): Service {
  const { accountId, faults, setFaults } = parameters
  const allowed = ['operator', 'root'].map((name) =>
    Principals.toArn(name, accountId),
  )
  return {
    name: 'keyward',
    maxBodyBytes: 64 * 1024,
    renderError: awsJson.renderError,
    async handle({ method, path, body, principal }): Promise<AwsResponse> {
      if (path !== faultsPath || !['GET', 'PUT'].includes(method))
        throw new AwsError(
          'UnknownOperationException',
          `The local home answers GET and PUT ${faultsPath} only.`,
          404,
        )
      if (!allowed.includes(principal.arn))
        throw new AwsError(
          'AccessDeniedException',
          `User: ${principal.arn} may not see or change the home's faults; the operator and root may.`,
          403,
        )
      if (method === 'PUT') {
        const by = awsJson.parse(body)
        try {
          setFaults(by)
        } catch (error) {
          throw new AwsError('ValidationException', (error as Error).message)
        }
      }
      return awsJson.render(faults())
    },
  }
}
