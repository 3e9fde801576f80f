/** ARN of a Secrets Manager secret. */
export const secret =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}$/
/** ARN of a Systems Manager parameter. */
export const parameter =
  /^arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:parameter\/[\w/.-]{1,1011}$/

/** The form of such an ARN, for messages. */
export const secretForm =
  'the ARN of a Secrets Manager secret (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME) or of an SSM parameter (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)'

/** Whether a function reads this setting from a secret store. */
export function isSecretArn(text: string): boolean {
  return secret.test(text) || parameter.test(text)
}
