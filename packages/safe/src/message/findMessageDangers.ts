import type { Hex } from '@keyward/core'
import {
  closed,
  type Danger,
  type Finding,
  type Rules,
} from '../danger/Danger.js'
import type { SafeDomain } from '../SafeTransaction.js'
import { findInText } from './findInText.js'
import { findInTypedData } from './findInTypedData.js'
import type { Meaning } from './readMeaning.js'

/** What is known in addition to the message. */
export type MessageFacts = {
  /** A token's total supply; undefined if it is unknown. */
  readonly supplyOf: (token: Hex) => bigint | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What the parts of a message are judged by. */
export type Context = MessageFacts & {
  readonly domain: SafeDomain
  readonly openCalls: readonly string[]
  readonly add: (danger: Danger, text: string) => void
  /** Adds a danger that no rule allows. */
  readonly refuse: (text: string) => void
}

/**
 * All dangers in a message that no rule allows. Being a message is a danger in
 * itself.
 */
export function findMessageDangers(
  meaning: Meaning,
  domain: SafeDomain,
  facts: MessageFacts,
  rules: Rules,
): Finding[] {
  const { openCalls = [] } = rules
  const found: Finding[] = []
  const final: Finding[] = []
  const add = (danger: Danger, text: string) =>
    found.push({ danger, path: '', text })
  const refuse = (text: string) =>
    final.push({
      ...{ danger: 'unknown-message', path: '' },
      text: `${text}, which nothing opens`,
    })
  const context: Context = { ...facts, domain, openCalls, add, refuse }
  if (meaning.of === 'text') {
    add('safe-message', `a message (${meaning.kind})`)
    findInText(meaning, context)
  } else {
    add('safe-message', `typed data ${meaning.primaryType}`)
    findInTypedData(meaning, context)
  }
  return [...final, ...closed(found, rules)]
}
