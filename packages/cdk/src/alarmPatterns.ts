import type { Stack } from 'aws-cdk-lib'

// Parts of EventBridge patterns: how requests name things, as CloudTrail's
// events repeat it.

/** Of several ways to name a thing in a request, any. */
export function by(...requests: object[]) {
  return { $or: requests.map((requestParameters) => ({ requestParameters })) }
}

/** What writes a secret or a parameter, by each name that it may be given. */
export function writesTo(arn: string) {
  const [, , service = '', , , ...rest] = arn.split(':')
  if (service === 'ssm') {
    const path = rest.join(':').replace(/^parameter/, '')
    // The ARN has one slash, whether the name begins with one or not.
    const names = [path, path.slice(1), arn]
    return {
      service,
      eventName: ['PutParameter', 'DeleteParameter', 'DeleteParameters'],
      ...by({ name: names }, { names }),
    }
  }
  const name = rest.slice(1).join(':')
  const short = /^(.+)-[A-Za-z0-9]{6}$/.exec(name)?.[1]
  // Whether the ARN has what Secrets Manager put behind the name is not known.
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
 * A function by its name, its ARN, or a part of it, each with or without a
 * qualifier.
 */
export function functionSpellings(
  { account, region, partition }: Stack,
  name: string,
): (string | { prefix: string } | { suffix: string })[] {
  return [
    name,
    // All that may stand before it.
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
