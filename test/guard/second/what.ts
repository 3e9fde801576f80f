import type { Action } from './Action.js'
import { known, signature } from './abi.js'
import type { Document, Rule } from './Document.js'
import { type Truth, truth } from './Truth.js'
import { listed } from './tokens.js'

/** The conditions of what a rule is about, but those on arguments. */
export function judgeWhat(
  rule: Rule,
  action: Action,
  policy: Document,
): Truth[] {
  const truths: Truth[] = []
  const isListed = (list: readonly string[]) =>
    truth(listed(policy, list, action.chain, action.to))
  const { call, typedData, message, authorization } = rule
  if (call?.to && call.to !== 'any') truths.push(isListed(call.to))
  if (call?.functions && call.functions !== 'any')
    truths.push(judgeFunction(call.functions, action, policy))
  if (typedData) {
    const { kind, primaryType, lacks } = action.typedData!
    const { kinds, contracts, without = [] } = typedData
    if (kinds)
      truths.push(
        kind !== undefined
          ? truth(kinds.includes(kind))
          : kinds.some((one) => one.replace(/:.*/, '') === primaryType)
            ? 'unknown'
            : 'fails',
      )
    if (contracts)
      truths.push(action.to === undefined ? 'holds' : isListed(contracts))
    truths.push(
      lacks.every((one) => without.includes(one)) ? 'holds' : 'unknown',
    )
  }
  if (message) {
    const { kind, text, signIn } = action.message!
    truths.push(truth(message.kinds.includes(kind)))
    if (message.texts)
      truths.push(
        text === undefined ? 'unknown' : truth(message.texts.includes(text)),
      )
    const ofSignIn = (list: readonly string[], of: 'domain' | 'uri') =>
      truths.push(signIn ? truth(list.includes(signIn[of])) : 'unknown')
    if (message.domains) ofSignIn(message.domains, 'domain')
    if (message.uris) ofSignIn(message.uris, 'uri')
    if (message.minNonceLength !== undefined)
      truths.push(
        signIn
          ? truth(signIn.nonce.length >= message.minNonceLength)
          : 'unknown',
      )
  }
  if (authorization?.delegates) truths.push(isListed(authorization.delegates))
  return truths
}

function judgeFunction(
  list: readonly string[],
  action: Action,
  policy: Document,
): Truth {
  const all = [
    ...known,
    ...(policy.functions ?? []).map((one) => signature(one, false)),
  ]
  const meant = list.flatMap((one) =>
    one.includes('(')
      ? signature(one, false)
      : all.filter(({ name }) => name === one),
  )
  if (action.signature)
    return truth(meant.some(({ text }) => text === action.signature!.text))
  return meant.some(({ selector }) => selector === action.data.slice(0, 10))
    ? 'unknown'
    : 'fails'
}
