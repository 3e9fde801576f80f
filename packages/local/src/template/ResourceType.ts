import type { Policy, Principal } from '@keyward/iam/policy'
import type { DynamoDb } from '../dynamodb/createDynamoDb.js'
import type { Authorize } from '../iam/Authorize.js'
import type { Kms } from '../kms/createKms.js'
import type { Lambda } from '../lambda/createLambda.js'
import type { Logs } from '../logs/createLogs.js'
import type { JsonObject } from './Json.js'
import type { Assembly } from './readAssembly.js'
import type { RemovalPolicy } from './Template.js'

/** The services in which stacks create their resources. */
export type StackHome = {
  accountId: string
  region: string
  authorize: Authorize
  dynamodb: DynamoDb
  kms: Kms
  lambda: Lambda
  logs: Logs
  /**
   * The principal that creates, changes and removes the resources, subject to
   * the policies.
   */
  deployer: Principal
  /**
   * When a home loads an assembly, there is no opportunity to delete the log
   * groups that an earlier stack retained, so the new stack adopts them.
   */
  takesOverLogGroups?: boolean
  /**
   * The delay until new resources are visible everywhere. A stack waits that
   * long.
   */
  settleMs?: (() => number) | undefined
  /** The policies of a role that a stack defines; undefined for other roles. */
  trustPolicyOf(roleArn: string): JsonObject | undefined
  /**
   * The current policies of a user or role, even if IAM doesn't show them yet.
   */
  policiesOf(principal: Principal): readonly Policy.Policy[]
}

/** A created resource, as stored in the stack's state. */
export type Made = {
  type: string
  /** The value of Ref. */
  physicalId: string
  /** The values of Fn::GetAtt. */
  attributes: Readonly<Record<string, string>>
  /** Properties with all functions evaluated. */
  properties: JsonObject
  deletionPolicy: RemovalPolicy
  /**
   * Whether the resource is removed, regardless of its DeletionPolicy, if its
   * creation is rolled back.
   */
  isRemovedOnRollback?: boolean
  /** The logical ids of the resources on which it depends. */
  dependsOn: readonly string[]
  generatedName: string
}

/** The context in which a resource is created and named. */
export type Place = {
  stackName: string
  logicalId: string
  /** Creates names that the template leaves to CloudFormation. */
  generatedName: string
  home: StackHome
  asset: Assembly['asset']
}

export type Identity = Pick<Made, 'physicalId' | 'attributes'>

/** The effect of a property change. */
export type Change = 'update' | 'replace' | { refused: string }

/** A resource type. Properties are passed with all functions evaluated. */
export type ResourceType = {
  /**
   * Checks everything that can be checked before anything is created.
   *
   * @throws TemplateError
   */
  check(properties: JsonObject, place: Place): void
  /**
   * The resource's id and attributes: either the real ones, or placeholders of
   * the right form if they are known only after creation. `make` returns the
   * real ones.
   */
  identify(properties: JsonObject, place: Place): Identity
  change(before: Made, properties: JsonObject, place: Place): Change
  /**
   * The reason why the resource's name is not available, if something else has
   * it.
   */
  taken?(identity: Identity, place: Place): string | undefined
  /**
   * Creates the resource, even if a killed attempt has already done part of the
   * work. Returns the values that `identify` couldn't know.
   */
  make(properties: JsonObject, place: Place): Promise<Identity | undefined>
  update(
    before: Made,
    properties: JsonObject,
    place: Place,
  ): Promise<Identity | undefined>
  remove(made: Made, place: Place): Promise<void>
  /**
   * Undoes `make` after a failed deployment. By default, this is the same as
   * `remove`.
   */
  discard?(made: Made, place: Place): Promise<void>
}
