import type { Hex } from '@keyward/core'
import type { Danger } from '../danger/Danger.js'
import type { SafeDomain } from '../SafeTransaction.js'

/** Facts that are known in addition to the message. */
export type MessageFacts = {
  /** A token's total supply; undefined if it is unknown. */
  readonly supplyOf: (token: Hex) => bigint | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** The facts that the parts of a message are judged by. */
export type Context = MessageFacts & {
  readonly domain: SafeDomain
  readonly openCalls: readonly string[]
  readonly add: (danger: Danger, text: string) => void
  /** Adds a danger that no rule allows. */
  readonly refuse: (text: string) => void
}
