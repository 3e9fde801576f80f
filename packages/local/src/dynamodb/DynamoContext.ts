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
  /** Restores that go on after they were answered. */
  restores: Restores
  /** Milliseconds since 1970. */
  now: () => number
}

export type Restores = {
  /** Until it settles, the backup is in use. */
  follow(restore: Promise<void>, backupArn: string | undefined): void
  isInUse(backupArn: string): boolean
  settled(): Promise<void>
}

/** One operation of DynamoDB: the caller may do it, and its form is checked. */
export type Operation = {
  /** Those of a request; all others are refused. */
  members: Members
  /** dynalite checks it whole; once is enough for what is asked often. */
  isCheckedByEngine?: true
  /** Changes what tables there are, or their settings: one at a time. */
  isExclusive?: true
  run(context: DynamoContext, input: Json, principal: Principal): Promise<Json>
}
