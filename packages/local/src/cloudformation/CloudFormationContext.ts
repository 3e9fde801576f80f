import type { Principal } from '@keyward/iam/policy'
import type { Bootstrap } from '../bootstrap/Bootstrap.js'
import type { Authorize } from '../iam/Authorize.js'
import type { QueryOperation } from '../protocol/awsQuery.js'
import type { StackHome } from '../template/ResourceType.js'
import type { Assembly } from '../template/readAssembly.js'
import type { StackStore } from '../template/StackState.js'
import type { ChangeSetStore } from './ChangeSet.js'

/** The context of the operations. */
export type CloudFormationContext = {
  accountId: string
  region: string
  authorize: Authorize
  store: StackStore
  changeSets: ChangeSetStore
  bootstrap: Bootstrap
  homeOf(deployer: Principal): StackHome
  /** Finds code in S3. */
  asset: Assembly['asset']
  readObject(bucketName: string, key: string): Buffer | undefined
  trustPolicyOf(roleArn: string): object | undefined
  /** Called after every operation that may have changed stacks. */
  onChanged(): void
  /** Receives progress lines for users. */
  onEvent(event: string): void
  /** Runs work to its end, even if no one is waiting for it any more. */
  runInBackground(work: Promise<unknown>): Promise<void>
  /** Milliseconds since 1970. */
  now: () => number
}

export type Operation = QueryOperation<CloudFormationContext>
