import type { Refusal } from '../aws/AwsService.js'
import { adviceOn } from '../aws/adviceOn.js'
import { BaseError } from '../errors/BaseError.js'

/** KMS refused the call or reported a fault. */
export class KmsServiceError extends BaseError {
  /** AWS's error name, for example `DisabledException`. */
  readonly awsCode: string
  readonly status: number
  readonly requestId: string | undefined

  constructor(operation: string, answer: Refusal) {
    const { awsCode, text, status, requestId } = answer
    super('kms-service', `KMS returned ${awsCode} for ${operation}.`, {
      details: [
        text,
        adviceOnState(text) ?? adviceOn(answer, `kms:${operation}`, advice),
        requestId === undefined ? '' : `KMS request id: ${requestId}`,
      ]
        .filter(Boolean)
        .join('\n'),
    })
    this.name = 'KmsServiceError'
    this.awsCode = awsCode
    this.status = status
    this.requestId = requestId
  }
}

const advice = {
  DisabledException:
    'Find out who disabled the key and why. An administrator can enable it again: run keyward unfreeze --stack NAME. For a key without a stack, use EnableKey of the KMS API.',
  InvalidKeyUsageException:
    'The key must have key spec ECC_SECG_P256K1 and usage SIGN_VERIFY.',
  NotFoundException: "Check the key's ARN, the AWS account and the Region.",
}

/** KMS gives the same name to every wrong state of a key. */
function adviceOnState(text: string): string | undefined {
  const [, key, state] =
    /^(\S+) is pending (import|deletion)\.?$/.exec(text) ?? []
  if (key === undefined) return undefined
  return state === 'import'
    ? `This KMS key has no key material yet. To import a private key, run: keyward key import --in FILE --key ${key}`
    : `To keep the key, cancel its deletion, then enable it: keyward key cancel-deletion ${key}`
}

/** The connection failed before an answer arrived. */
export class KmsUnreachableError extends BaseError {
  constructor(host: string, cause: Error) {
    super('kms-unreachable', `KMS at ${host} can't be reached.`, {
      details: `The connection failed (${(cause as NodeJS.ErrnoException).code ?? cause.name}). Check the Region, AWS_ENDPOINT_URL, and the network (a function in a VPC needs a KMS endpoint or NAT).`,
      cause,
    })
    this.name = 'KmsUnreachableError'
  }
}

/** No answer arrived in time. */
export class KmsTimeoutError extends BaseError {
  constructor(host: string, timeoutMs: number) {
    super(
      'kms-timeout',
      timeoutMs === 0
        ? `The time limit was reached before KMS at ${host} could be called.`
        : `KMS at ${host} did not answer within ${timeoutMs} ms.`,
      { details: 'You can repeat the call.' },
    )
    this.name = 'KmsTimeoutError'
  }
}

/** The answer is not from KMS: cut off, too large, not JSON, or incomplete. */
export class KmsResponseError extends BaseError {
  constructor(operation: string, reason: string) {
    super(
      'kms-response',
      `The response to ${operation} is not valid: ${reason}.`,
      {
        details: 'The response was discarded. Check that the endpoint is KMS.',
      },
    )
    this.name = 'KmsResponseError'
  }
}

/** These settings can't be used to build a client. */
export class KmsConfigurationError extends BaseError {
  constructor(reason: string) {
    super('kms-configuration', `The KMS client is misconfigured: ${reason}.`)
    this.name = 'KmsConfigurationError'
  }
}
