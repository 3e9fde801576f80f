/** The location of a setting that must not be in the environment. */
export type SecretArn = {
  arn: string
  service: 'secretsmanager' | 'ssm'
}

const forms = {
  secretsmanager:
    /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}$/,
  ssm: /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter\/[\w/.-]{1,1011}$/,
} as const

/** The name of such an ARN in messages. */
export const allowed =
  'the ARN of a Secrets Manager secret or of an SSM parameter'

/** Undefined for anything except such an ARN. */
export function parse(text: string): SecretArn | undefined {
  for (const service of ['secretsmanager', 'ssm'] as const)
    if (forms[service].test(text)) return { arn: text, service }
  return undefined
}
