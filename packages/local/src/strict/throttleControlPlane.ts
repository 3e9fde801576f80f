import { AwsError, type AwsRequest, type Service } from '../protocol/Service.js'

/** Every nth request is refused, as in a busy account. */
const every = 8

/**
 * Operations that AWS counts separately, with a limit that is a hundred times
 * higher.
 */
const data: Readonly<Record<string, RegExp>> = {
  kms: /^(?:Sign|Verify|GetPublicKey|DescribeKey|GenerateRandom)$/,
  dynamodb: /Item$|^(?:Query|Scan)$/,
  lambda: /^POST .*\/invocations$/,
  secretsmanager: /^GetSecretValue$/,
  ssm: /^GetParameters?$/,
  s3: /./,
  sts: /./,
  keyward: /./,
}

/** A service with a busy control plane, which refuses some requests. */
export function throttleControlPlane(service: Service): Service {
  let count = 0
  const { name } = service
  const isControl = (request: AwsRequest) => {
    const target = request.headers['x-amz-target']?.replace(/^.*\./, '')
    const operation =
      service.operationOf?.(request) ??
      target ??
      `${request.method} ${request.path}`
    return data[name]?.test(operation) !== true
  }
  return {
    ...service,
    async handle(request) {
      if (!isControl(request) || ++count % every !== 0)
        return service.handle(request)
      return service.renderError(refusal(name), request.requestId)
    },
  }
}

function refusal(service: string): AwsError {
  const text = 'Rate exceeded'
  if (service === 'cloudformation') return new AwsError('Throttling', text)
  if (service !== 'lambda') return new AwsError('ThrottlingException', text)
  const error = new AwsError('TooManyRequestsException', text, 429)
  return Object.assign(error, { reason: 'CallerRateLimitExceeded' })
}
