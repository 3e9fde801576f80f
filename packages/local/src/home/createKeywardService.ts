import { Principals } from '@keyward/iam/principals'
import type { FindCredential } from '../iam/Credential.js'
import * as Authorization from '../protocol/Authorization.js'
import * as awsJson from '../protocol/awsJson.js'
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type Service,
} from '../protocol/Service.js'
import type { Faults } from './Faults.js'
import { proveHome } from './proveHome.js'

const faultsPath = '/_keyward/faults'
const homePath = '/_keyward/home'

/**
 * The home's own operations, signed like all others (service name `keyward`):
 *
 * - `GET /_keyward/home?nonce=<hex>`, for everyone: the account and Region, the
 *   caller, and a proof that this home knows the caller's secret.
 * - `GET /_keyward/faults` and `PUT /_keyward/faults` with some of the faults
 *   as JSON, only for the operator and root. Both return all faults.
 */
export function createKeywardService(parameters: {
  accountId: string
  region: string
  findCredential: FindCredential
  faults: () => Faults
  setFaults: (by: object) => void
}): Service {
  const { accountId, region, findCredential, faults, setFaults } = parameters
  const allowed = ['operator', 'root'].map((name) =>
    Principals.toArn(name, accountId),
  )
  return {
    name: 'keyward',
    maxBodyBytes: 64 * 1024,
    renderError: awsJson.renderError,
    async handle(request): Promise<AwsResponse> {
      const { method, path, body, principal } = request
      if (path === homePath && method === 'GET') return home(request)
      if (path !== faultsPath || !['GET', 'PUT'].includes(method))
        throw new AwsError(
          'UnknownOperationException',
          `The local home answers only GET ${homePath}, GET ${faultsPath} and PUT ${faultsPath}.`,
          404,
        )
      if (!allowed.includes(principal.arn))
        throw new AwsError(
          'AccessDeniedException',
          `User: ${principal.arn} is not allowed to see or change the home's faults. Only the operator and root are.`,
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

  function home({ query, headers, principal }: AwsRequest): AwsResponse {
    const nonce = query.get('nonce') ?? ''
    if (!/^[0-9a-f]{32,64}$/.test(nonce))
      throw new AwsError(
        'ValidationException',
        'nonce must be 32 to 64 lower-case hex digits.',
      )
    // The signature has already been checked, so this only looks up the secret.
    const { accessKeyId } = Authorization.parse(headers.authorization)
    const secret = findCredential(accessKeyId)?.secretAccessKey ?? ''
    const proof = proveHome(secret, nonce)
    const callerArn = principal.arn
    return awsJson.render({ accountId, region, callerArn, proof })
  }
}
