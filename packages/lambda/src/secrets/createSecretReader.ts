import { type AwsService, createAwsClient } from '@keyward/core/aws'
import type { SecretArn } from './SecretArn.js'
import { SecretError } from './SecretError.js'

export type SecretReader = {
  /**
   * The secret's text, at most a few minutes old.
   *
   * @throws SecretError
   */
  read(secret: SecretArn, deadline?: number): Promise<string>
}

/** Time until a changed secret is read again. */
const freshMs = 5 * 60_000
/** Time until an unreadable secret is tried again. */
const retryMs = 5000

/**
 * Reads secrets by their ARNs and caches them for five minutes. If a secret
 * can't be read again, its previous value stays in use. Permissions:
 * `secretsmanager:GetSecretValue` on the secret, `ssm:GetParameter` on the
 * parameter, and `kms:Decrypt` on its key if you own the key.
 */
export function createSecretReader(now: () => number = Date.now): SecretReader {
  const known = new Map<string, { text: string; staleAt: number }>()
  const reading = new Map<string, Promise<string>>()

  async function ask(secret: SecretArn, deadline: number | undefined) {
    try {
      const text = await fetchSecret(secret, deadline)
      known.set(secret.arn, { text, staleAt: now() + freshMs })
      return text
    } catch (error) {
      const before = known.get(secret.arn)
      if (before === undefined) throw error
      known.set(secret.arn, { ...before, staleAt: now() + retryMs })
      return before.text
    } finally {
      reading.delete(secret.arn)
    }
  }

  return {
    async read(secret, deadline) {
      const found = known.get(secret.arn)
      if (found && found.staleAt > now()) return found.text
      const current = reading.get(secret.arn) ?? ask(secret, deadline)
      reading.set(secret.arn, current)
      return current
    },
  }
}

const services = {
  secretsmanager: { title: 'Secrets Manager', prefix: 'secretsmanager' },
  ssm: { title: 'SSM', prefix: 'AmazonSSM' },
} as const

async function fetchSecret(
  { arn, service }: SecretArn,
  deadline: number | undefined,
): Promise<string> {
  const region = arn.split(':')[3]
  const client = createAwsClient(describeService(arn, service), { region })
  const isSecret = service === 'secretsmanager'
  const { output } = await client.call(
    isSecret ? 'GetSecretValue' : 'GetParameter',
    isSecret ? { SecretId: arn } : { Name: arn, WithDecryption: true },
    { ...(deadline !== undefined && { deadline }) },
  )
  const { SecretString, Parameter } = output as {
    SecretString?: unknown
    Parameter?: { Value?: unknown }
  }
  const text = isSecret ? SecretString : Parameter?.Value
  if (typeof text === 'string' && text.trim() !== '') return text.trim()
  throw new SecretError(arn, 'it has no text')
}

/** All failures share one page, because the checks are always the same. */
function describeService(
  arn: string,
  service: SecretArn['service'],
): AwsService {
  const { title, prefix } = services[service]
  return {
    name: service,
    title,
    targetPrefix: prefix,
    contentType: 'application/x-amz-json-1.1',
    // A secret has at most 64 kB, and slightly more as JSON.
    maxAnswerBytes: 512 * 1024,
    transientCodes: new Set([
      'ThrottlingException',
      'InternalServiceError',
      'InternalServerError',
      'TooManyUpdates',
    ]),
    errors: {
      refused: (operation, { awsCode }) =>
        new SecretError(arn, `${title} returned ${awsCode} for ${operation}`),
      unreachable: (host, cause) =>
        new SecretError(
          arn,
          `${title} at ${host} can't be reached (a function in a VPC needs an endpoint or NAT)`,
          cause,
        ),
      timeout: (host, timeoutMs) =>
        new SecretError(
          arn,
          timeoutMs === 0
            ? `the time limit was reached before ${title} at ${host} could be called`
            : `${title} at ${host} did not answer within ${timeoutMs} ms`,
        ),
      damaged: (_, reason) =>
        new SecretError(
          arn,
          `the response from ${title} is not valid: ${reason}`,
        ),
      configuration: (reason) => new SecretError(arn, reason),
    },
  }
}
