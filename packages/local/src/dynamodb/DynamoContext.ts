import type { Principal } from '@keyward/iam/policy'
import type { Authorize } from '../iam/Authorize.js'
import type { Members } from './actions.js'
import type { Engine } from './createEngine.js'
import type { createTableSettings } from './createTableSettings.js'
import type { Json } from './Json.js'
import type { Place } from './Table.js'

export type DynamoContext = Place & {
  engine: Engine
  settings: ReturnType<typeof createTableSettings>
  authorize: Authorize
  /** Restores that continue after their request has been answered. */
  restores: Restores
  /** Milliseconds since 1970. */
  now: () => number
}

export type Restores = {
  /** The backup counts as in use until this settles. */
  follow(restore: Promise<void>, backupArn: string | undefined): void
  isInUse(backupArn: string): boolean
  settled(): Promise<void>
}

/**
 * One DynamoDB operation, called once the caller's permission and the request's
 * form have been checked.
 */
export type Operation = {
  /** Allowed members of a request; all others are refused. */
  members: Members
  /**
   * dynalite itself validates the whole request, so frequent operations skip
   * the check here.
   */
  isCheckedByEngine?: true
  /**
   * Whether it creates, deletes or changes tables. Such operations run one at a
   * time.
   */
  isExclusive?: true
  run(context: DynamoContext, input: Json, principal: Principal): Promise<Json>
}
