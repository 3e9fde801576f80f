import type { Policy, Principal } from '@keyward/iam/policy'
import type { DynamoDb } from '../dynamodb/createDynamoDb.js'
import type { Authorize } from '../iam/Authorize.js'
import type { Kms } from '../kms/createKms.js'
import type { Lambda } from '../lambda/createLambda.js'
import type { Logs } from '../logs/createLogs.js'
import type { JsonObject } from './Json.js'
import type { Assembly } from './readAssembly.js'
import type { RemovalPolicy } from './Template.js'

/** What the resources of stacks are made in. */
export type StackHome = {
  accountId: string
  region: string
  authorize: Authorize
  dynamodb: DynamoDb
  kms: Kms
  lambda: Lambda
  logs: Logs
  /** Who makes, changes and removes them: the policies are asked. */
  deployer: Principal
  /**
   * When a home loads an assembly, nobody is there to delete the log groups
   * that an earlier stack retained, so they are taken over.
   */
  takesOverLogGroups?: boolean
  /** So long until what was made is seen by everybody; a stack waits for it. */
  settleMs?: (() => number) | undefined
  /** Policies of a role that a stack defines; undefined for others. */
  trustPolicyOf(roleArn: string): JsonObject | undefined
  /** Policies of a user or role, as they are and not as IAM knows them yet. */
  policiesOf(principal: Principal): readonly Policy.Policy[]
}

/** A resource as it was made; kept in the stack's state. */
export type Made = {
  type: string
  /** What Ref answers. */
  physicalId: string
  /** What Fn::GetAtt answers. */
  attributes: Readonly<Record<string, string>>
  /** With all functions evaluated. */
  properties: JsonObject
  deletionPolicy: RemovalPolicy
  /** It goes, whatever its DeletionPolicy, when its making is rolled back. */
  isRemovedOnRollback?: boolean
  /** Logical ids that had to be there before it. */
  dependsOn: readonly string[]
  generatedName: string
}

/** Where a resource stands, for its making and for its names. */
export type Place = {
  stackName: string
  logicalId: string
  /** For names that the template leaves to CloudFormation. */
  generatedName: string
  home: StackHome
  asset: Assembly['asset']
}

export type Identity = Pick<Made, 'physicalId' | 'attributes'>

/** What a change of properties means. */
export type Change = 'update' | 'replace' | { refused: string }

/** One type of resource; properties come with all functions evaluated. */
export type ResourceType = {
  /**
   * Checks everything that can be checked before anything is made.
   *
   * @throws TemplateError
   */
  check(properties: JsonObject, place: Place): void
  /**
   * Its id and attributes: true already, or in their form where only making
   * it gives them. `make` answers the true ones.
   */
  identify(properties: JsonObject, place: Place): Identity
  change(before: Made, properties: JsonObject, place: Place): Change
  /** Why its name can't be had, if something else has it. */
  taken?(identity: Identity, place: Place): string | undefined
  /**
   * Makes it, also if a making that was killed has gone part of the way.
   * Answers what `identify` could not know.
   */
  make(properties: JsonObject, place: Place): Promise<Identity | undefined>
  update(
    before: Made,
    properties: JsonObject,
    place: Place,
  ): Promise<Identity | undefined>
  remove(made: Made, place: Place): Promise<void>
  /** Undoes `make` in a deployment that failed; by default as `remove`. */
  discard?(made: Made, place: Place): Promise<void>
}
