import { Quote } from '@keyward/core'
import type { MessageFacts } from '@keyward/guard/calls'
import type { Context } from './MessageContext.js'

/** Finds the dangers of an EIP-191 message. */
export function findInText(facts: MessageFacts, context: Context): void {
  const { kind } = facts
  if (kind === 'sign-in') findInSignIn(facts, context)
  else if (kind !== 'text')
    context.refuse(
      `a message that could be the ${words[kind]} of something else`,
    )
}

const words = {
  hash: 'hash',
  'typed-data-hash': 'EIP-712 bytes',
  transaction: 'bytes',
  bytes: 'bytes',
} as const

/**
 * EIP-4361 allows printable ASCII only. Some readers also begin a new line at
 * other characters.
 */
const otherSigns = /[^\n -~]/
const host = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::[1-9]\d{0,4})?$/i
/**
 * A verifier that searches for a field's line would find the one in the
 * statement.
 */
const asField =
  /wants you to sign in|^(?:URI|Version|Chain ID|Nonce|Issued At|Expiration Time|Not Before|Request ID|Resources):/

/**
 * Refuses sign-ins that a site could read differently from how they are shown.
 */
function findInSignIn(
  { text = '', signIn }: MessageFacts,
  { domain: { chainId, safe }, now, refuse }: Context,
): void {
  if (signIn === undefined) {
    refuse('a sign-in that does not follow EIP-4361')
    return
  }
  const { chain, address, domain, statement, expires, notBefore } = signIn
  const isoOf = (time: number) => new Date(time).toISOString()
  if (otherSigns.test(text))
    refuse('a sign-in with characters that EIP-4361 excludes')
  if (!host.test(domain))
    refuse(`a sign-in to ${Quote.value(domain)}, not to a host`)
  if (asField.test(statement ?? ''))
    refuse('a sign-in whose statement reads like another field')
  if (chain !== BigInt(chainId)) refuse(`a sign-in on chain ${chain}`)
  if (address !== safe) refuse(`a sign-in as ${address}, not as the Safe`)
  if (expires !== undefined && expires <= now)
    refuse(`a sign-in that expired at ${isoOf(expires)}`)
  if (notBefore !== undefined && notBefore > now)
    refuse(`a sign-in that becomes valid at ${isoOf(notBefore)}`)
}
