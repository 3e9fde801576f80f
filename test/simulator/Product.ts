import type { createExchange } from '../../packages/core/src/aws/createExchange.js'
import type { KeyService } from '../../packages/core/src/index.js'
import type { Planned, Schedule } from './createSchedule.js'
import type { Runtime, Store } from './seams.js'

/** The code under test, as the simulator calls it. */
export type Product = {
  openSender(parts: Parts): SimSender
  openReconciler(parts: Parts): SimReconciler
  /** What a store says that got no answer, or a refusal for a while. */
  storeErrors: { timeout(): Error; throttled(operation: string): Error }
}

/** What one process has. */
export type Parts = {
  runtime: Runtime
  store: Store
  /** One per node, in the order that they are asked. */
  urls: string[]
  createExchange: typeof createExchange
  kms: KeyService
  keyArn: string
  schedule: Schedule
  /** In ms since 1970, by the clock of tables that processes share. */
  tableNow: () => number
  /** The account's count at the beginning of the ledger, as somebody says. */
  newLedger: number
}

export type SimSender = {
  /** @throws Refused when nothing was accepted and nothing ever will be */
  send(request: Planned, options: CallOptions): Promise<Told>
  /** Undefined where the sender knows no such request. */
  get(key: string, options: CallOptions): Promise<Told | undefined>
  cancel(key: string, options: CallOptions): Promise<Told>
  speedUp(key: string, options: CallOptions): Promise<Told>
}

/** Milliseconds since 1970, by the process's own clock. */
export type CallOptions = { deadline: number }

export type SimReconciler = {
  run(): Promise<unknown>
  /** After a restore: brings what the ledger has lost. */
  repair(): Promise<{ complete: boolean }>
}

/** What a caller hears of a request. */
export type Told = {
  status: string
  final: boolean
  hash: string | undefined
  /** Code of why it ended otherwise than asked for. */
  reason: string | undefined
}

/** A request that nothing will come of: the caller may stop asking. */
export class Refused extends Error {}
