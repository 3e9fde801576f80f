import {
  closed,
  type Danger,
  type Finding,
  type Rules,
} from '../danger/Danger.js'
import type { SafeDomain } from '../SafeTransaction.js'
import { findInText } from './findInText.js'
import { findInTypedData } from './findInTypedData.js'
import type { Context, MessageFacts } from './MessageContext.js'
import type { Meaning } from './readMeaning.js'

/**
 * All dangers in a message that no rule allows. A message is a danger in
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
      text: `${text}; no setting can allow this`,
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
