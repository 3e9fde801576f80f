import { aws_iam as iam } from 'aws-cdk-lib'
import { parameter, secret } from './secretArns.js'

/** Lets a function read only these secrets and parameters. */
export function readSecrets(arns: readonly string[]): iam.PolicyStatement[] {
  const secrets = arns.filter((arn) => secret.test(arn)).flatMap(toResources)
  const parameters = arns.filter((arn) => parameter.test(arn))
  return [
    ...statement('ReadSecrets', 'secretsmanager:GetSecretValue', secrets),
    ...statement('ReadParameters', 'ssm:GetParameter', parameters),
  ]
}

/**
 * Secrets Manager appends six characters to a secret's name. If an ARN ends in
 * six characters, they may be this suffix or part of the name.
 */
function toResources(arn: string): string[] {
  const whole = `${arn}-??????`
  return /-[A-Za-z0-9]{6}$/.test(arn) ? [arn, whole] : [whole]
}

function statement(
  sid: string,
  action: string,
  resources: readonly string[],
): iam.PolicyStatement[] {
  if (resources.length === 0) return []
  return [
    new iam.PolicyStatement({
      sid,
      actions: [action],
      resources: [...new Set(resources)],
    }),
  ]
}
