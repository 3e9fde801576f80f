import { Partition } from '@keyward/core/aws'
import { quote } from '@keyward/iam/quote'
import { parameter, secret } from './secretArns.js'

// This module doesn't need aws-cdk-lib, because `keyward deploy` knows the
// Region before the CDK does.

const titles = {
  dynamodb: 'DynamoDB (the ledger)',
  kms: 'KMS',
  secretsmanager: 'Secrets Manager',
  ssm: 'SSM (parameters)',
} as const

/**
 * Refuses FIPS if a service that the functions call has no FIPS host, because
 * the name would not resolve, and every call would time out.
 *
 * @param settings - The stack's settings.
 * @param about.counts - Whether its policy has windows.
 * @throws Error
 */
export function assertFips(
  settings: Readonly<Record<string, unknown>>,
  region: string,
  { counts = false }: { counts?: boolean } = {},
): void {
  if (settings.fips !== true) return
  const called = calledServices(settings)
  const needed = counts ? [...called, 'dynamodb' as const] : called
  const missing = [...new Set(needed)].filter(
    (service) => !Partition.hasFips(service, region),
  )
  if (missing.length === 0) return
  const advice = missing.includes('kms')
    ? 'Deploy to another Region, or leave fips out.'
    : counts
      ? "The windows of a policy are counted in DynamoDB. Deploy to a Region in the USA or Canada, leave fips out, or leave windows out of the policy's rules."
      : missing.includes('dynamodb')
        ? 'Deploy to a Region in the USA or Canada, leave fips out, or leave out rpcUrl, so that the stack only signs and needs only KMS.'
        : 'Keep the settings in a service that has a FIPS endpoint, deploy to a Region in the USA or Canada, or leave fips out.'
  throw new Error(
    `fips: ${missing.map((service) => titles[service]).join(' and ')} ${missing.length === 1 ? 'has' : 'have'} no FIPS endpoint in ${quote(region)}. ${advice}`,
  )
}

/** The services that functions with these settings call. */
function calledServices(
  settings: Readonly<Record<string, unknown>>,
): (keyof typeof titles)[] {
  const { rpcUrl, network, sender } = settings
  const sends =
    sender !== false && (rpcUrl !== undefined || network === 'local')
  if (!sends) return ['kms']
  const arns = [
    ...[rpcUrl, settings.sendRpcUrl, settings.webhookUrl],
    ...[settings.webhookSecretArn, settings.rpcAuth],
  ].map((value) => String(value ?? '').replace(/^bearer:/, ''))
  return [
    ...(['kms', 'dynamodb'] as const),
    ...(arns.some((arn) => secret.test(arn))
      ? (['secretsmanager'] as const)
      : []),
    ...(arns.some((arn) => parameter.test(arn)) ? (['ssm'] as const) : []),
  ]
}
