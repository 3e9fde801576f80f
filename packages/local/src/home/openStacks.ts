// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CDK placeholders.
import { join } from 'node:path'
import type { Principal } from '@keyward/iam/policy'
import { Policy, PolicyError } from '@keyward/iam/policy'
import { Principals } from '@keyward/iam/principals'
import type { Bootstrap } from '../bootstrap/Bootstrap.js'
import type { ScheduledRule } from '../events/createSchedules.js'
import { HomeError } from '../HomeError.js'
import type { Authorize } from '../iam/Authorize.js'
import { createAuthorize } from '../iam/createAuthorize.js'
import type { Kms } from '../kms/createKms.js'
import type { Logs } from '../logs/createLogs.js'
import { readJsonSync } from '../store/atomicFile.js'
import { createIdentities } from '../template/createIdentities.js'
import { deployStack } from '../template/deployStack.js'
import { isObject, type JsonObject } from '../template/Json.js'
import type { StackHome } from '../template/ResourceType.js'
import {
  type Assembly,
  readAssembly,
  readAssets,
} from '../template/readAssembly.js'
import { readSchedule } from '../template/resources/EventsRule.js'
import { readLogGroup } from '../template/resources/LogsLogGroup.js'
import { resumeStacks } from '../template/resumeStacks.js'
import {
  createStackStore,
  type StackState,
  type StackStore,
} from '../template/StackState.js'
import { describeReset } from './describeReset.js'
import { allowAll, developer, onCall } from './standardPolicies.js'

/** The stack and assembly that a home loads. */
export type LoadedAssembly = {
  /** Usually `cdk.out`. */
  directory: string
  /** Required if the assembly has several stacks. */
  stackName?: string
  /** Values of the template's parameters. */
  parameters?: Readonly<Record<string, string>>
}

/** The key to which a home's hints refer. */
export type StackKey = {
  keyId: string
  alias: string | undefined
}

export type Stacks = {
  authorize: Authorize
  store: StackStore
  /** A role's trust policy; undefined if no stack defines the role. */
  trustPolicyOf(roleArn: string): JsonObject | undefined
  /** Policies of a user or role, as the stacks define them now. */
  policiesOf(principal: Principal): readonly Policy.Policy[]
  /** The policies as callers see them, which may be outdated. */
  knownTrustPolicyOf(roleArn: string): JsonObject | undefined
  /** ARNs of the users and roles that policies name or the folder declares. */
  principals(): string[]
  /** The scheduled rules of all stacks. */
  scheduledRules(): ScheduledRule[]
  /** The names of all stacks' tables. */
  tableNames(): string[]
  /**
   * The key of the loaded stack, or else of keyward-dev, or else of the last
   * deployed stack; undefined if no stack has a key.
   */
  key(kms: Kms): StackKey | undefined
  /**
   * Creates log groups for stacks that were loaded by versions without logs.
   */
  adoptLogGroups(logs: Logs): void
  /** Finishes work that a kill interrupted, then loads the assembly. */
  load(parameters: {
    homeOf: (deployer: Principal) => StackHome
    /** Finds code in S3. */
    asset: Assembly['asset']
    onEvent: (event: string) => void
  }): Promise<void>
}

/**
 * Opens the stacks in a home's folder, and creates the authorization that the
 * services need from their policies.
 *
 * As in an account, the operator and CloudFormation's role have the policy
 * AdministratorAccess. The key user is a developer, and the key administrator
 * is on call. The other roles of `cdk bootstrap` have the same permissions as
 * in AWS.
 *
 * @throws {StackError} assembly-invalid
 * @throws {HomeError} file-damaged
 */
export function openStacks(parameters: {
  dataDir: string
  accountId: string
  region: string
  now: () => number
  /** If undefined, the stacks of earlier runs stay unchanged. */
  assembly: LoadedAssembly | undefined
  bootstrap: Bootstrap
  /** Delay until roles and their policies become visible; default none. */
  lateMs?: (() => number) | undefined
}): Stacks {
  const { dataDir, accountId, region, now, bootstrap } = parameters
  const given = parameters.assembly
  const assembly =
    given && readAssembly(given.directory, { stackName: given.stackName })
  const store = createStackStore(join(dataDir, 'stacks'))
  const executionRole = (assembly?.executionRoleArn ?? '')
    .replaceAll('${AWS::Partition}', 'aws')
    .replaceAll('${AWS::AccountId}', accountId)
    .replaceAll('${AWS::Region}', region)
  const roleArn = executionRole || executionRoleOf(bootstrap)
  const declared = readDeclared(dataDir)
  const identities = createIdentities(
    store,
    new Map([
      ...[...bootstrap.roles].map(
        ([arn, { policies }]) => [arn, policies] as const,
      ),
      ...declared,
      [Principals.toArn('operator', accountId), [allowAll]],
      [Principals.toArn('user', accountId), [developer]],
      [Principals.toArn('admin', accountId), [onCall]],
      [roleArn, [allowAll]],
    ]),
  )
  const { lateMs } = parameters
  const known = lateMs === undefined ? identities : identities.late(now, lateMs)
  const ofBootstrap = (arn: string) =>
    bootstrap.roles.get(arn)?.trust as JsonObject | undefined
  const stackOfKey = (): StackState | undefined => {
    const found = store
      .list()
      .filter(({ resources }) =>
        Object.values(resources).some(({ type }) => type === 'AWS::KMS::Key'),
      )
      .sort((a, b) => b.createdAt - a.createdAt)
    const named = (name: string | undefined) =>
      found.find((each) => each.name === name)
    return named(assembly?.stackName) ?? named(Principals.stackName) ?? found[0]
  }
  const principals = () => [...identities.named(), ...declared.keys()]
  const trustPolicyOf = (arn: string) =>
    identities.trustPolicyOf(arn) ?? ofBootstrap(arn)
  // Nobody can act as a role that only a service assumes.
  const isOfService = (arn: string) =>
    JSON.stringify(trustPolicyOf(arn) ?? {}).includes('"Service"')
  const toNamed = (name: string) =>
    [
      name,
      { arn: Principals.toArn(name, accountId), account: accountId },
    ] as const
  const standard = new Map(Principals.names.map(toNamed))
  const standardArns = Principals.arns(accountId)
  return {
    authorize: createAuthorize({
      identityPolicies: known.policiesOf,
      principalTags: known.tagsOf,
      now,
      named: () =>
        new Map([
          ...standard,
          ...principals()
            .filter((arn) => !standardArns.includes(arn) && !isOfService(arn))
            .map(toNamed),
        ]),
    }),
    store,
    tableNames: () =>
      store
        .list()
        .flatMap(({ resources }) =>
          Object.values(resources).flatMap(({ type, physicalId }) =>
            type.startsWith('AWS::DynamoDB::') ? [physicalId] : [],
          ),
        ),
    scheduledRules: () =>
      store.list().flatMap(({ resources }) =>
        Object.values(resources).flatMap(({ type, attributes, properties }) => {
          const schedule =
            type === 'AWS::Events::Rule' ? readSchedule(properties) : undefined
          return schedule ? [{ arn: attributes.Arn ?? '', schedule }] : []
        }),
      ),
    policiesOf: identities.policiesOf,
    trustPolicyOf,
    knownTrustPolicyOf: (arn) => known.trustPolicyOf(arn) ?? ofBootstrap(arn),
    principals,
    key(kms) {
      const made = Object.values(stackOfKey()?.resources ?? {})
      const keyId = made.find(
        ({ type }) => type === 'AWS::KMS::Key',
      )?.physicalId
      if (keyId === undefined) return undefined
      const key = kms.keys().find((each) => each.keyId === keyId)
      const aliases = made
        .filter(({ type }) => type === 'AWS::KMS::Alias')
        .map(({ physicalId }) => physicalId)
      const alias = key?.aliases.find((each) => aliases.includes(each))
      return { keyId, alias }
    },
    adoptLogGroups(logs) {
      for (const { resources } of store.list())
        for (const { type, physicalId, properties } of Object.values(resources))
          if (type === 'AWS::Logs::LogGroup')
            logs.adopt(physicalId, readLogGroup(properties).RetentionInDays)
    },
    async load({ homeOf, asset, onEvent }) {
      await resumeStacks({
        store,
        homeOf: ({ deployer }) => homeOf(deployer),
        assetOf: ({ assembly: directory }) =>
          directory === undefined ? asset : assetOf(directory),
        onEvent,
        except: assembly?.stackName,
      })
      if (assembly === undefined || given === undefined) return
      const before = store.get(assembly.stackName)
      const reset = before && describeReset(before, assembly.template)
      if (reset !== undefined) onEvent(reset)
      const role = roleArn === '' ? {} : { roleArn }
      const state = await deployStack({
        assembly,
        store,
        onEvent,
        parameters: given.parameters,
        source: { assembly: given.directory, ...role },
        home: {
          ...homeOf({
            arn: Principals.toSessionArn(roleArn, 'AWSCloudFormation'),
            account: accountId,
            roleArn,
          }),
          takesOverLogGroups: true,
        },
      })
      // An unchanged stack of an earlier version has no role, so its deletion
      // would need the caller's permissions.
      const { source } = state
      if (source?.deployer.roleArn === roleArn && source.roleArn === undefined)
        store.save({ ...state, source: { ...source, ...role } })
    },
  }
}

function executionRoleOf({ roles }: Bootstrap): string {
  const [arn = ''] = [...roles.keys()].filter((each) =>
    each.includes('-cfn-exec-role-'),
  )
  return arn
}

/** Finds code in the assembly of a killed deployment, if that still exists. */
function assetOf(directory: string): Assembly['asset'] {
  return (objectKey, bucketName) => readAssets(directory)(objectKey, bucketName)
}

const file = 'principals.json'

/**
 * Reads the users and roles that the folder's `principals.json` declares, with
 * their policies: `{ "<arn>": [<policy document>, ...] }`.
 */
function readDeclared(dataDir: string): Map<string, Policy.Policy[]> {
  const path = join(dataDir, file)
  const value = readJsonSync(path) ?? {}
  const wrong = (problem: string) =>
    new HomeError(
      'file-damaged',
      `${path} is not valid. ${problem} The file must contain {"arn:aws:iam::${'0'.repeat(12)}:role/NAME": [POLICY, ...]}.`,
    )
  if (!isObject(value)) throw wrong('The content is not a JSON object.')
  return new Map(
    Object.entries(value).map(([arn, documents]) => {
      if (!/^arn:aws:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/.test(arn))
        throw wrong(
          `${JSON.stringify(arn.slice(0, 80))} is not a user or role.`,
        )
      if (!Array.isArray(documents))
        throw wrong(`The policies of ${arn} are not a list.`)
      return [arn, documents.map((each) => parse(arn, each))]
    }),
  )

  function parse(arn: string, document: unknown): Policy.Policy {
    try {
      return Policy.fromValue(document as JsonObject, 'identity')
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      throw wrong(`A policy of ${arn} can't be used: ${error.shortMessage}`)
    }
  }
}
