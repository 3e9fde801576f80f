import * as Policy from '../../packages/iam/src/policy/Policy.js'
import type { Principal } from '../../packages/iam/src/policy/Principal.js'
import { createDynamoDb } from '../../packages/local/src/dynamodb/createDynamoDb.js'
import { createAuthorize } from '../../packages/local/src/iam/createAuthorize.js'
import { createKms } from '../../packages/local/src/kms/createKms.js'
import { createLambda } from '../../packages/local/src/lambda/createLambda.js'
import { createLogs } from '../../packages/local/src/logs/createLogs.js'
import { createIdentities } from '../../packages/local/src/template/createIdentities.js'
import { deleteStack } from '../../packages/local/src/template/deleteStack.js'
import { deployStack } from '../../packages/local/src/template/deployStack.js'
import type { StackHome } from '../../packages/local/src/template/ResourceType.js'
import { readAssembly } from '../../packages/local/src/template/readAssembly.js'
import { createStackStore } from '../../packages/local/src/template/StackState.js'

const accountId = '000000000000'
const region = 'us-east-1'
const role = `cdk-hnb659fds-cfn-exec-role-${accountId}-${region}`
const allowAll = Policy.parse(
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
  'identity',
)

/** KMS, Lambda, DynamoDB and stacks of one folder, with their policies enforced. */
export async function openStackHome(dataDir: string) {
  const store = createStackStore(`${dataDir}/stacks`)
  const deployer: Principal = {
    arn: `arn:aws:sts::${accountId}:assumed-role/${role}/CloudFormation`,
    account: accountId,
    roleArn: `arn:aws:iam::${accountId}:role/${role}`,
  }
  const operator: Principal = {
    arn: `arn:aws:iam::${accountId}:user/operator`,
    account: accountId,
  }
  const identities = createIdentities(
    store,
    new Map(
      [deployer.roleArn, operator.arn].map((arn) => [
        arn as string,
        [allowAll],
      ]),
    ),
  )
  const authorize = createAuthorize({
    identityPolicies: identities.policiesOf,
    now: Date.now,
  })
  const shared = { dataDir, accountId, region, authorize, now: Date.now }
  const faults = { kmsLatencyMs: 0, kmsThrottle: 0, kmsErrorRate: 0 }
  const kms = createKms({ ...shared, faults: () => faults })
  const dynamodb = await createDynamoDb(shared)
  const logs = createLogs(shared)
  const lambda = createLambda({
    ...shared,
    endpoint: () => 'http://127.0.0.1:9',
    issueCredentials: () => ({
      accessKeyId: 'ASIA',
      secretAccessKey: 's',
      sessionToken: 't',
    }),
  })
  const home: StackHome = {
    accountId,
    region,
    authorize,
    dynamodb,
    kms,
    lambda,
    logs,
    takesOverLogGroups: true,
    deployer,
    trustPolicyOf: identities.trustPolicyOf,
    policiesOf: identities.policiesOf,
  }
  const events: string[] = []
  return {
    dynamodb,
    kms,
    lambda,
    store,
    identities,
    home,
    operator,
    deployer,
    events,
    deploy: (
      directory: string,
      options: {
        stackName?: string
        parameters?: Record<string, string>
      } = {},
    ) =>
      deployStack({
        assembly: readAssembly(directory),
        store,
        home,
        onEvent: (event) => events.push(event),
        ...options,
      }),
    remove: (stackName: string) => deleteStack({ stackName, store, home }),
    async close() {
      kms.close()
      await lambda.close()
      await dynamodb.close()
    },
  }
}
