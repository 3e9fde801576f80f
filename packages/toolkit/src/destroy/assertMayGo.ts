import type { Target } from '../aws/Target.js'
import {
  BalanceUncheckedError,
  FundsRemainError,
  StackProtectedError,
  withFunds,
} from './DestroyError.js'
import type { DestroyRequest } from './DestroyRequest.js'
import type { Remains } from './findRemains.js'
import type { Holder, Plan } from './Plan.js'

/** @throws FundsRemainError, BalanceUncheckedError, StackProtectedError */
export function assertMayGo(
  target: Target,
  { holders }: Plan,
  { stack, gone }: Remains,
  request: Pick<DestroyRequest, 'evenWithFunds' | 'tokens'>,
): void {
  if (stack.terminationProtection && !gone)
    throw new StackProtectedError(stack.name, target)
  for (const { address, chains, role } of holders) {
    const held = withFunds(chains ?? [])
    if (held.length > 0 && !request.evenWithFunds)
      throw new FundsRemainError(
        role === 'safe'
          ? `The Safe ${address}, which would have too few owners left,`
          : address === undefined
            ? 'The account'
            : `The account ${address}`,
        held,
        stack,
        role,
      )
  }
  const reasons = holders.flatMap((holder) => unchecked(holder, request))
  if (reasons.length > 0) throw new BalanceUncheckedError(reasons)
}

function unchecked(
  { role, address, unknown, chains }: Holder,
  { tokens }: Pick<DestroyRequest, 'tokens'>,
): string[] {
  if (chains === undefined) return []
  const of = role === undefined ? '' : `${role}: `
  return [
    ...(address === undefined
      ? [`${of}The key's account is not known: ${unknown}.`]
      : []),
    ...(address !== undefined && chains.length === 0
      ? [`${of}The functions' network is not known.`]
      : []),
    ...chains.flatMap((answer) =>
      'unknown' in answer
        ? [`${of}${answer.network}: ${toSentence(answer.unknown)}`]
        : answer.found.tokens
            .filter(
              ({ amount, address: token }) =>
                amount === undefined && tokens.includes(token),
            )
            .map(
              ({ address: token }) =>
                `${of}${answer.network}: The contract ${token} did not report a balance.`,
            ),
    ),
  ]
}

function toSentence(text: string): string {
  const first = /^https?:/.test(text)
    ? text
    : text.charAt(0).toUpperCase() + text.slice(1)
  return first.endsWith('.') ? first : `${first}.`
}
