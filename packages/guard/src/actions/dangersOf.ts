import type { Hex } from '@keyward/core'
import * as Contracts from '../abi/contractFunctions.js'
import type { Signature } from '../abi/Signature.js'
import * as Safe from '../abi/safeFunctions.js'
import { approvalsOf, isForAll, isWithoutEnd } from '../calls/approvals.js'
import { argument, type Explained } from '../calls/Call.js'
import { callOnlyBatches } from '../calls/callOnlyBatches.js'
import { handedOf } from '../calls/handedOf.js'
import type { TokenKind } from '../policy/Policy.js'
import type { Danger } from './Danger.js'

const bySignature = new Map<Signature, Danger>([
  ...toAll('ownership', Contracts.ownership),
  ...toAll('upgrade', Contracts.upgrades),
  ...toAll('owners', [
    Safe.addOwnerWithThreshold,
    Safe.removeOwner,
    Safe.swapOwner,
    Safe.changeThreshold,
    Safe.setup,
  ]),
  ...toAll('module', [
    Safe.enableModule,
    Safe.disableModule,
    Safe.execTransactionFromModule,
    Safe.execTransactionFromModuleReturnData,
    Contracts.executeFromExecutor,
    Contracts.installModule,
    Contracts.uninstallModule,
  ]),
  ...toAll('guard', [Safe.setGuard, Safe.setModuleGuard]),
  ...toAll('fallback-handler', [Safe.setFallbackHandler]),
  ...toAll('approve-hash', [Safe.approveHash, Safe.signMessage]),
  ...toAll('permit', [
    Contracts.permit,
    Contracts.daiPermit,
    Contracts.permitWithBytes,
    Contracts.permit2Permit,
    Contracts.permit2PermitBatch,
    Contracts.permit2PermitTransferFrom,
    Contracts.permit2PermitTransferFromBatch,
    Contracts.permitOfPiece,
    Contracts.permitOfPieceWithBytes,
    Contracts.permitOfPieceWithNonce,
    Contracts.permitForAll,
    Contracts.allowBySig,
    Contracts.delegationWithSig,
  ]),
])

function toAll(danger: Danger, signatures: readonly Signature[]) {
  return signatures.map((one) => [one, danger] as const)
}

/**
 * All that is dangerous in one call, not in the calls within it.
 *
 * @param kind - Of the token that is called, where the policy names it.
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
  const named = signature && bySignature.get(signature)
  if (named !== undefined) found.add(named)
  // Of a collection's one piece the number says nothing.
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
    const isRefunded =
      of('gasPrice') !== 0n ||
      of('baseGas') !== 0n ||
      ![of('gasToken'), of('refundReceiver')].every(isZero)
    if (isRefunded) found.add('refund')
    if (of('safeTxGas') !== 0n) found.add('safe-tx-gas')
  }
  return [...found]
}

const isZero = (address: unknown) => /^0x0{40}$/.test(String(address))
