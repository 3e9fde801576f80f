import type { Hex } from '@keyward/core'
import type { Finding } from '../danger/Danger.js'
import { without } from '../danger/without.js'
import type { ReviewOptions } from '../review.js'
import * as SafeMessage from '../SafeMessage.js'
import type { SafeDomain } from '../SafeTransaction.js'
import { assertFew } from '../state/assertFew.js'
import { readPinned } from '../state/readPinned.js'
import type { SafeState } from '../state/readState.js'
import { readTokens } from '../state/readTokens.js'
import { findMessageDangers } from './findMessageDangers.js'
import { type Meaning, readMeaning } from './readMeaning.js'

/** All facts that a co-signer knows about a message before it signs. */
export type MessageReview = {
  readonly domain: SafeDomain
  readonly preimage: SafeMessage.Preimage
  /** Computed here from the message, never taken from input. */
  readonly hashes: SafeMessage.Hashes
  readonly meaning: Meaning
  readonly state: SafeState
  /** Dangers that no rule allows; if there are any, nothing is signed. */
  readonly findings: readonly Finding[]
  readonly opened: readonly Finding[]
}

type Options = Omit<ReviewOptions, 'sender'> & {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The dangers that can be found without asking the node. The node's answers can
 * only add to them.
 *
 * @throws InvalidRequestError
 */
export function judgeMessage(
  { chainId, safe }: SafeDomain,
  preimage: SafeMessage.Preimage,
  { rules = {}, now }: Pick<Options, 'rules' | 'now'>,
): Finding[] {
  const domain = { chainId, safe: safe.toLowerCase() as Hex }
  const meaning = readMeaning(preimage, domain.safe)
  const facts = { supplyOf: () => undefined, now: now() }
  return findMessageDangers(meaning, domain, facts, rules)
}

/**
 * Reviews a message of the Safe (EIP-1271) like a transaction: computes the
 * hash from the message, compares the Safe with its pins, decodes the message,
 * and lists every danger. There is nothing to simulate.
 *
 * @throws InvalidRequestError, TooManyValuesError, TooManyAddressesError,
 * SafeChangedError, NotASafeError, and the RPC client's errors
 */
export async function reviewMessage(
  given: SafeDomain,
  preimage: SafeMessage.Preimage,
  { rpc, pins, rules = {}, now, deadline }: Options,
): Promise<MessageReview> {
  const domain = { ...given, safe: given.safe.toLowerCase() as Hex }
  const hashes = SafeMessage.hash(domain, preimage)
  const meaning = readMeaning(preimage, domain.safe)
  const taken = new Set(meaning.of === 'text' ? [] : meaning.takes.keys())
  assertFew(taken)
  const state = await readPinned(rpc, domain, pins, { deadline })
  const tokens = await readTokens(rpc, taken, state.block, { deadline })
  const facts = {
    supplyOf: (token: Hex) => tokens.get(token)?.supply,
    now: now(),
  }
  const findings = findMessageDangers(meaning, domain, facts, rules)
  const all = findMessageDangers(meaning, domain, facts, {})
  const opened = without(all, findings)
  return { domain, preimage, hashes, meaning, state, findings, opened }
}
