// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of CDK look so.
import { join } from 'node:path'
import type { DynamoDb } from '../dynamodb/createDynamoDb.js'
import type { ScheduledRule } from '../events/createSchedules.js'
import { HomeError } from '../HomeError.js'
import type { Authorize } from '../iam/Authorize.js'
import { createAuthorize } from '../iam/createAuthorize.js'
import * as Principals from '../iam/Principals.js'
import * as Policy from '../iam/policy/Policy.js'
import type { Kms } from '../kms/createKms.js'
import type { Lambda } from '../lambda/createLambda.js'
import { readJsonSync } from '../store/atomicFile.js'
import { createIdentities } from '../template/createIdentities.js'
import { deployStack } from '../template/deployStack.js'
import { isObject, type JsonObject } from '../template/Json.js'
import { readAssembly } from '../template/readAssembly.js'
import { readSchedule } from '../template/resources/EventsRule.js'
import { createStackStore } from '../template/StackState.js'

/** Which stack of which assembly a home loads. */
export type LoadedAssembly = {
  /** Usually `cdk.out`. */
  directory: string
  /** Needed when the assembly has several stacks. */
  stackName?: string
  /** Values of the template's parameters. */
  parameters?: Readonly<Record<string, string>>
}

/** What a home takes from the stack that it loaded. */
export type LoadedStack = {
  /** ARNs of the users and roles that policies name, and those declared. */
  principals: readonly string[]
  /** Of the stack's first key; undefined if it has none. */
  keyId: string | undefined
  keyAlias: string | undefined
}

const allowAll = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
  'identity',
)

// The key user that `keyward env` names is a developer, who makes keys of their
// own, lists, calls functions and has tables. Over the stack's key the key policy
// decides.
const developer = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'dynamodb:*',
          'kms:*',
          'lambda:InvokeFunction',
          'lambda:Get*',
          'lambda:List*',
        ],
        Resource: '*',
      },
    ],
  },
  'identity',
)

// The key administrator is on call: stops functions and lets them run again, and
// looks at everything. Over the stack's key, again, the key policy decides.
const onCall = Policy.fromValue(
  {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: [
          'lambda:PutFunctionConcurrency',
          'lambda:DeleteFunctionConcurrency',
          'lambda:GetFunctionConcurrency',
          'lambda:GetFunctionConfiguration',
          'cloudformation:DescribeStacks',
          'cloudformation:ListStackResources',
          'cloudformation:GetTemplate',
        ],
        Resource: '*',
      },
    ],
  },
  'identity',
)

const bootstrapRole =
  'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-cfn-exec-role-${AWS::AccountId}-${AWS::Region}'

/**
 * Opens the stacks in a home's folder, and makes the authorisation by their
 * policies that KMS and Lambda need.
 *
 * As in an account, two have the policy AdministratorAccess: the operator, and
 * the role by which CloudFormation deploys. The key user is a developer, and the
 * key administrator on call.
 *
 * @throws {StackError} assembly-invalid
 * @throws {HomeError} file-damaged
 */
export function openStacks(parameters: {
  dataDir: string
  accountId: string
  region: string
  now: () => number
  /** Undefined: stacks of earlier runs stay as they are. */
  assembly: LoadedAssembly | undefined
}): {
  authorize: Authorize
  /** Of all stacks, as they stand. */
  scheduledRules(): ScheduledRule[]
  load(services: {
    dynamodb: DynamoDb
    kms: Kms
    lambda: Lambda
    onEvent: (event: string) => void
  }): Promise<LoadedStack>
} {
  const { dataDir, accountId, region, now } = parameters
  const given = parameters.assembly
  const assembly =
    given && readAssembly(given.directory, { stackName: given.stackName })
  const store = createStackStore(join(dataDir, 'stacks'))
  const roleArn = (assembly?.executionRoleArn ?? bootstrapRole)
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::AccountId}', accountId)
    .replaceAll('${AWS::Region}', region)
  const declared = readDeclared(dataDir)
  const identities = createIdentities(
    store,
    new Map([
      ...declared,
      [Principals.toArn('operator', accountId), [allowAll]],
      [Principals.toArn('user', accountId), [developer]],
      [Principals.toArn('admin', accountId), [onCall]],
      [roleArn, [allowAll]],
    ]),
  )
  return {
    authorize: createAuthorize({
      identityPolicies: identities.policiesOf,
      now,
    }),
    scheduledRules: () =>
      store.list().flatMap(({ resources }) =>
        Object.values(resources).flatMap(({ type, attributes, properties }) => {
          const schedule =
            type === 'AWS::Events::Rule' ? readSchedule(properties) : undefined
          return schedule ? [{ arn: attributes.Arn ?? '', schedule }] : []
        }),
      ),
    async load({ dynamodb, kms, lambda, onEvent }) {
      const principals = () => [...identities.named(), ...declared.keys()]
      if (assembly === undefined)
        return {
          principals: principals(),
          keyId: undefined,
          keyAlias: undefined,
        }
      const { resources } = await deployStack({
        assembly,
        store,
        onEvent,
        parameters: given?.parameters,
        home: {
          accountId,
          region,
          dynamodb,
          kms,
          lambda,
          deployer: {
            arn: Principals.toSessionArn(roleArn, 'AWSCloudFormation'),
            account: accountId,
            roleArn,
          },
          trustPolicyOf: identities.trustPolicyOf,
        },
      })
      const made = Object.values(resources)
      const keyId = made.find(
        ({ type }) => type === 'AWS::KMS::Key',
      )?.physicalId
      const key = kms.keys().find((each) => each.keyId === keyId)
      const aliases = made
        .filter(({ type }) => type === 'AWS::KMS::Alias')
        .map(({ physicalId }) => physicalId)
      return {
        principals: principals(),
        keyId,
        keyAlias: key?.aliases.find((alias) => aliases.includes(alias)),
      }
    },
  }
}

const file = 'principals.json'

/**
 * Users and roles that the folder's `principals.json` declares, with their
 * policies: `{ "<arn>": [<policy document>, ...] }`.
 */
function readDeclared(dataDir: string): Map<string, Policy.Policy[]> {
  const path = join(dataDir, file)
  const value = readJsonSync(path) ?? {}
  const wrong = (problem: string) =>
    new HomeError(
      'file-damaged',
      `${path}: ${problem} It must be {"arn:aws:iam::${'0'.repeat(12)}:role/NAME": [POLICY, ...]}.`,
    )
  if (!isObject(value)) throw wrong('It is no object.')
  return new Map(
    Object.entries(value).map(([arn, documents]) => {
      if (!/^arn:aws:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/.test(arn))
        throw wrong(`${JSON.stringify(arn.slice(0, 80))} is no user or role.`)
      if (!Array.isArray(documents))
        throw wrong(`The policies of ${arn} are no list.`)
      return [arn, documents.map((each) => parse(arn, each))]
    }),
  )

  function parse(arn: string, document: unknown): Policy.Policy {
    try {
      return Policy.fromValue(document as JsonObject, 'identity')
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      throw wrong(`A policy of ${arn} can't be used: ${error.message}`)
    }
  }
}
