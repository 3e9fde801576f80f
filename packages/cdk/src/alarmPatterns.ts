import type { Stack } from 'aws-cdk-lib'

// Parts of EventBridge patterns: the names in requests, as CloudTrail's events
// repeat them.

/** Matches any of several ways to name a resource in a request. */
export function by(...requests: object[]) {
  return { $or: requests.map((requestParameters) => ({ requestParameters })) }
}

/**
 * Matches the calls that write a secret or a parameter, by each name that they
 * may use.
 */
export function writesTo(arn: string) {
  const [, , service = '', , , ...rest] = arn.split(':')
  if (service === 'ssm') {
    const path = rest.join(':').replace(/^parameter/, '')
    // The ARN has one slash, whether or not the name begins with one.
    const names = [path, path.slice(1), arn]
    return {
      service,
      eventName: ['PutParameter', 'DeleteParameter', 'DeleteParameters'],
      ...by({ name: names }, { names }),
    }
  }
  const name = rest.slice(1).join(':')
  const short = /^(.+)-[A-Za-z0-9]{6}$/.exec(name)?.[1]
  // The ARN may or may not have the suffix that Secrets Manager adds to the
  // name.
  const secretId: (string | object)[] = [name, arn, { prefix: `${arn}-` }]
  if (short !== undefined)
    secretId.push(short, arn.slice(0, short.length - name.length))
  return {
    service,
    eventName: [
      'PutSecretValue',
      'UpdateSecret',
      'UpdateSecretVersionStage',
      'RotateSecret',
      'DeleteSecret',
    ],
    requestParameters: { secretId },
  }
}

/**
 * Matches a function by name, ARN or partial ARN, each with or without a
 * qualifier.
 */
export function functionSpellings(
  { account, region, partition }: Stack,
  name: string,
): (string | { prefix: string } | { suffix: string })[] {
  return [
    name,
    // Anything may precede the name.
    { suffix: `:${name}` },
    ...[
      '',
      'function:',
      `${account}:function:`,
      `${region}:${account}:function:`,
      `arn:${partition}:lambda:${region}:${account}:function:`,
    ].map((before) => ({ prefix: `${before}${name}:` })),
  ]
}
