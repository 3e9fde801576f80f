import type { Hex } from '@keyward/core'
import * as Contracts from '../abi/contractFunctions.js'
import * as Safe from '../abi/safeFunctions.js'
import { approvalsOf, isForAll, isWithoutEnd } from '../calls/approvals.js'
import { argument, type Explained } from '../calls/Call.js'
import { callOnlyBatches } from '../calls/callOnlyBatches.js'
import { changeOf } from '../calls/changeOf.js'
import { handedOf } from '../calls/handedOf.js'
import { refundsOf } from '../calls/refundsOf.js'
import type { TokenKind } from '../policy/Policy.js'
import type { Danger } from './Danger.js'

/**
 * All dangers of one call, without the calls inside it.
 *
 * @param kind - Kind of the called token, if the policy names the token.
 */
export function dangersOf(
  call: Explained,
  kind: TokenKind | undefined,
): Danger[] {
  const found = new Set<Danger>()
  const { meaning, operation, to, from } = call
  const signature =
    meaning.kind === 'function'
      ? meaning.signature
      : meaning.kind === 'unknown'
        ? meaning.like
        : undefined
  const isBatch =
    meaning.kind === 'function' &&
    meaning.signature === Safe.multiSend &&
    to in callOnlyBatches
  if (operation === 1 && !isBatch) found.add('delegatecall')
  if (meaning.kind === 'unknown' && meaning.like !== undefined)
    found.add('malformed-call')
  if (operation === 0 && to === from && meaning.kind !== 'payment')
    found.add('self-call')
  const change = signature && changeOf(signature)
  if (change !== undefined) found.add(change)
  // For a single token of a collection, the number is an id, not an amount.
  if (!(kind === 'erc721' && signature === Contracts.approve))
    for (const { amount } of approvalsOf(call))
      if (isWithoutEnd(amount))
        found.add(
          signature !== undefined && isForAll(signature)
            ? 'approval-for-all'
            : 'unlimited-approval',
        )
  if (signature === Contracts.handleOps && meaning.kind === 'function') {
    const operations = argument(call, 'ops') as [Hex, bigint, Hex][]
    if (operations.some(([, , initCode]) => initCode !== '0x'))
      found.add('init-code')
  }
  if (handedOf(call) !== undefined) found.add('data-handed-on')
  if (signature === Safe.execTransaction && meaning.kind === 'function') {
    const of = (name: string) => argument(call, name)
    if (refundsOf(of).length > 0) found.add('refund')
    if (of('safeTxGas') !== 0n) found.add('safe-tx-gas')
  }
  return [...found]
}
