import {
  BalanceUncheckedError,
  FundsRemainError,
  StackProtectedError,
  withFunds,
} from './DestroyError.js'
import type { DestroyRequest } from './DestroyRequest.js'
import type { Remains } from './findRemains.js'
import type { Plan } from './Plan.js'

/** @throws FundsRemainError, BalanceUncheckedError, StackProtectedError */
export function assertMayGo(
  { address, unknown, chains }: Plan,
  { stack, gone }: Remains,
  request: Pick<DestroyRequest, 'evenWithFunds' | 'tokens'>,
): void {
  if (stack.terminationProtection && !gone)
    throw new StackProtectedError(stack.name)
  if (chains === undefined) return
  const held = withFunds(chains)
  if (held.length > 0 && !request.evenWithFunds)
    throw new FundsRemainError(address ?? 'The account', held)
  const reasons = [
    ...(address === undefined
      ? [`Which account it is could not be asked of KMS: ${unknown}.`]
      : []),
    ...(address !== undefined && chains.length === 0
      ? ['The network of the functions is not known.']
      : []),
    ...chains.flatMap((answer) =>
      'unknown' in answer
        ? [`${answer.network}: ${answer.unknown}`]
        : answer.found.tokens
            .filter(
              ({ amount, address: token }) =>
                amount === undefined && request.tokens.includes(token),
            )
            .map(
              ({ address: token }) =>
                `${answer.network}: the contract ${token} did not say`,
            ),
    ),
  ]
  if (reasons.length > 0) throw new BalanceUncheckedError(reasons)
}
