import type { Hex } from '@keyward/core'
import * as Contracts from '../abi/contractFunctions.js'
import type { Signature } from '../abi/Signature.js'
import { argument, type Explained } from './Call.js'

type Approval = {
  readonly token: Hex
  readonly amount: bigint
  /** Undefined if the call doesn't name a single account. */
  readonly spender: Hex | undefined
  /** Whether it adds to the earlier approval instead of replacing it. */
  readonly isMore: boolean
}

/**
 * More than any token's supply in smallest units, or a value that means
 * everything.
 */
const unlimitedFrom = 2n ** 112n
export const isWithoutEnd = (amount: bigint) =>
  amount >= unlimitedFrom || amount === 2n ** 96n - 1n

/** @param supply - The token's total supply, if it reports it. */
export function isUnlimited(amount: bigint, supply = 0n): boolean {
  return isWithoutEnd(amount) || (supply > 0n && amount >= supply)
}

const amountOf = new Map<Signature, string>([
  [Contracts.approve, 'amount'],
  [Contracts.approveAndCall, 'amount'],
  [Contracts.approveAndCallPlain, 'amount'],
  [Contracts.increaseAllowance, 'addedValue'],
  [Contracts.increaseApproval, 'addedValue'],
  [Contracts.permit, 'value'],
  [Contracts.permitWithBytes, 'value'],
  [Contracts.permit2Approve, 'amount'],
  [Contracts.approveOfId, 'amount'],
  [Contracts.approveDelegation, 'amount'],
  [Contracts.delegationWithSig, 'value'],
])
const ofEverything = new Map<Signature, string | undefined>([
  [Contracts.setApprovalForAll, 'approved'],
  [Contracts.setOperator, 'approved'],
  [Contracts.daiPermit, 'allowed'],
  [Contracts.permitForAll, 'approved'],
  [Contracts.allow, 'isAllowed'],
  [Contracts.allowBySig, 'isAllowed'],
  [Contracts.authorizeOperator, undefined],
])
/** Whether it approves everything or nothing, instead of an amount. */
export const isForAll = (signature: Signature) => ofEverything.has(signature)
const increases = new Set<Signature>([
  Contracts.increaseAllowance,
  Contracts.increaseApproval,
])
const spenderNames = ['spender', 'operator', 'delegatee', 'manager']
/** The account that may take the tokens, if the call names one. */
function spenderOf(call: Explained): Hex | undefined {
  for (const name of spenderNames) {
    const value = argument(call, name)
    if (value !== undefined) return value as Hex
  }
  return undefined
}
const inPermit2 = new Set<Signature>([
  Contracts.permit2Permit,
  Contracts.permit2PermitBatch,
])
const everything = 2n ** 256n - 1n

/**
 * The tokens, and how much of each, that the call allows another account to
 * take.
 */
export function approvalsOf(call: Explained): Approval[] {
  const { meaning, to } = call
  if (meaning.kind === 'payment') return []
  if (meaning.kind === 'unknown') {
    const { like } = meaning
    const isApproval =
      like !== undefined &&
      (amountOf.has(like) || ofEverything.has(like) || inPermit2.has(like))
    const unsaid = { amount: everything, spender: undefined, isMore: false }
    return isApproval ? [{ token: to, ...unsaid }] : []
  }
  const { signature, values } = meaning
  const name = amountOf.get(signature)
  if (name !== undefined) {
    const token = (argument(call, 'token') ?? to) as Hex
    const amount = argument(call, name) as bigint
    const isMore = increases.has(signature)
    return [{ token, amount, spender: spenderOf(call), isMore }]
  }
  if (ofEverything.has(signature)) {
    const flag = ofEverything.get(signature)
    return flag === undefined || argument(call, flag) === true
      ? [
          {
            ...{ token: to, amount: everything },
            ...{ spender: spenderOf(call), isMore: false },
          },
        ]
      : []
  }
  type Details = [token: Hex, amount: bigint]
  const toApproval = ([token, amount]: Details): Approval => ({
    ...{ token, amount, isMore: false },
    spender: (values as [unknown, [unknown, Hex]])[1][1],
  })
  if (signature === Contracts.permit2Permit)
    return [(values as [unknown, [Details]])[1][0]].map(toApproval)
  return signature === Contracts.permit2PermitBatch
    ? (values as [unknown, [Details[]]])[1][0].map(toApproval)
    : []
}
