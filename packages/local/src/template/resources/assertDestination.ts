import { decide } from '@keyward/iam/policy'
import { Principals } from '@keyward/iam/principals'
import { AwsError } from '../../protocol/Service.js'
import type { Place } from '../ResourceType.js'

/**
 * The action that a function's role needs for a destination, by the service in
 * the destination's ARN.
 */
const actions: Readonly<Record<string, string>> = {
  events: 'events:PutEvents',
  lambda: 'lambda:InvokeFunction',
  sns: 'sns:Publish',
  sqs: 'sqs:SendMessage',
}

/**
 * Lambda sends a failed invocation to its destination with the function's own
 * role, and refuses destinations that the role isn't allowed to use. Roles that
 * no stack defines are not checked.
 *
 * @throws AwsError InvalidParameterValueException
 */
export function assertDestination(
  functionName: string,
  destination: string,
  { home }: Place,
): void {
  const [, service = ''] = /^arn:aws:(\w+):/.exec(destination) ?? []
  const action = Object.hasOwn(actions, service) ? actions[service] : undefined
  if (action === undefined)
    throw new AwsError(
      'InvalidParameterValueException',
      `The destination ARN ${destination} is invalid.`,
      400,
    )
  const roleArn = home.lambda.snapshot(functionName)?.latest.roleArn
  if (roleArn === undefined || home.trustPolicyOf(roleArn) === undefined) return
  const principal = {
    arn: Principals.toSessionArn(roleArn, functionName),
    account: home.accountId,
    roleArn,
  }
  const { isAllowed } = decide(
    { principal, action, resource: destination },
    { identity: home.policiesOf(principal), resource: undefined },
    Date.now(),
  )
  if (!isAllowed)
    throw new AwsError(
      'InvalidParameterValueException',
      `The function's execution role does not have permissions to call ${action.split(':')[1]} on ${destination}`,
      400,
    )
}
