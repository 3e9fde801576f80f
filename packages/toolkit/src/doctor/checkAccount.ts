import type { AwsConnection } from '../aws/connectAws.js'
import { isMissing, peek } from '../aws/peek.js'
import type { Settings } from '../deploy/Settings.js'
import type { Check } from './Check.js'

const standardQualifier = 'hnb659fds'

/**
 * Checks whether the CDK can deploy here: whether the account is bootstrapped,
 * and with which qualifier.
 */
export async function checkBootstrap(
  connection: AwsConnection,
  settings: Settings,
): Promise<Check> {
  const { CloudFormationClient, DescribeStacksCommand } = await import(
    '@aws-sdk/client-cloudformation'
  )
  const client = connection.open(CloudFormationClient)
  const peeked = await peek(async () => {
    try {
      const { Stacks: [stack] = [] } = await client.send(
        new DescribeStacksCommand({ StackName: 'CDKToolkit' }),
      )
      return Object.fromEntries(
        (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
          OutputKey,
          OutputValue,
        ]),
      )
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  })
  if (peeked.hidden)
    return {
      name: 'bootstrap',
      ok: undefined,
      found:
        'not checked: you have no permission (cloudformation:DescribeStacks on CDKToolkit)',
    }
  return judgeBootstrap(peeked.value, settings, connection)
}

/**
 * @param outputs - The bootstrap stack's outputs; undefined if there is none.
 */
export function judgeBootstrap(
  outputs: Readonly<Record<string, string>> | undefined,
  settings: Settings,
  { account, region }: Pick<AwsConnection, 'account' | 'region'>,
): Check {
  const name = 'bootstrap'
  const wanted = settings.bootstrapQualifier ?? standardQualifier
  if (outputs === undefined)
    return {
      name,
      ok: false,
      found: `there is no CDKToolkit stack in ${region}`,
      fix: `Run npx --no-install cdk bootstrap aws://${account}/${region}. If the account was bootstrapped with another stack name (--toolkit-stack-name), ignore this problem.`,
    }
  const { BucketName = '', BootstrapVersion = '?' } = outputs
  const found = /^cdk-([a-z0-9]+)-assets-/.exec(BucketName)?.[1]
  if (found === undefined || found === wanted)
    return {
      name,
      ok: true,
      found: `version ${BootstrapVersion}, qualifier ${found ?? 'not known'}`,
    }
  return {
    name,
    ok: false,
    found: `the qualifier is ${found}, but the stack needs ${wanted}`,
    fix: `Deploy with -c bootstrapQualifier=${found}, or bootstrap with --qualifier ${wanted}.`,
  }
}

/**
 * Checks whether Lambda can reserve the concurrency that the functions need.
 */
export async function checkQuota(
  connection: AwsConnection,
  settings: Settings,
): Promise<Check> {
  const { LambdaClient, GetAccountSettingsCommand } = await import(
    '@aws-sdk/client-lambda'
  )
  const client = connection.open(LambdaClient)
  const peeked = await peek(() =>
    client.send(new GetAccountSettingsCommand({})),
  )
  if (peeked.hidden)
    return {
      name: 'quota',
      ok: undefined,
      found: 'not checked: you have no permission (lambda:GetAccountSettings)',
    }
  const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 } =
    peeked.value.AccountLimit ?? {}
  const each = Number(settings.reservedConcurrentExecutions ?? 0)
  return judgeQuota(ConcurrentExecutions, UnreservedConcurrentExecutions, {
    each,
    functions: countReserving(settings),
  })
}

/**
 * The number of functions with reserved concurrency. The reconciler has none.
 */
export function countReserving(settings: Settings): number {
  const { signers, policy, policySha256, rpcUrl, sender } = settings
  const isOff = (flag: unknown) => String(flag) === 'false'
  // With a policy, there is one more function, which signs messages.
  const signing = policy || policySha256 ? 3 : 2
  return (
    (isOff(signers) ? 0 : signing) +
    (rpcUrl === undefined || isOff(sender) ? 0 : 1)
  )
}

export function judgeQuota(
  limit: number,
  unreserved: number,
  { each, functions }: { each: number; functions: number },
): Check {
  const name = 'quota'
  const least = Math.min(100, limit)
  const found = `${limit} concurrent executions, of which ${unreserved} are not reserved`
  if (unreserved - each * functions >= least || each === 0)
    return { name, ok: true, found }
  return {
    name,
    ok: false,
    found: `${found}; ${functions} functions reserve ${each} each, and ${least} must remain unreserved`,
    fix: 'Leave out reservedConcurrentExecutions, or have Lambda\'s quota "Concurrent executions" raised.',
  }
}
