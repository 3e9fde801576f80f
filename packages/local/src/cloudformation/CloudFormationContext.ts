import type { Principal } from '@keyward/iam/policy'
import type { Bootstrap } from '../bootstrap/Bootstrap.js'
import type { Authorize } from '../iam/Authorize.js'
import type { QueryOperation } from '../protocol/awsQuery.js'
import type { StackHome } from '../template/ResourceType.js'
import type { Assembly } from '../template/readAssembly.js'
import type { StackStore } from '../template/StackState.js'
import type { ChangeSetStore } from './ChangeSet.js'

/** What the operations work on. */
export type CloudFormationContext = {
  accountId: string
  region: string
  authorize: Authorize
  store: StackStore
  changeSets: ChangeSetStore
  bootstrap: Bootstrap
  homeOf(deployer: Principal): StackHome
  /** Code in S3. */
  asset: Assembly['asset']
  readObject(bucketName: string, key: string): Buffer | undefined
  trustPolicyOf(roleArn: string): object | undefined
  /** After every operation that may have changed stacks. */
  onChanged(): void
  /** A line about what happens, for people. */
  onEvent(event: string): void
  /** Runs until it is done, also when nobody waits any more. */
  runInBackground(work: Promise<unknown>): Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
}

export type Operation = QueryOperation<CloudFormationContext>
