import * as Contracts from '../abi/contractFunctions.js'
import type { Signature } from '../abi/Signature.js'
import * as Safe from '../abi/safeFunctions.js'

/** How a function changes permissions, whatever its arguments are. */
export type Change =
  | 'ownership'
  | 'upgrade'
  | 'owners'
  | 'module'
  | 'guard'
  | 'fallback-handler'
  | 'approve-hash'
  | 'permit'

/** This is the only such table; both policies and co-signers use it. */
const functions: Readonly<Record<Change, readonly Signature[]>> = {
  ownership: Contracts.ownership,
  upgrade: Contracts.upgrades,
  owners: [
    Safe.addOwnerWithThreshold,
    Safe.removeOwner,
    Safe.swapOwner,
    Safe.changeThreshold,
    Safe.setup,
  ],
  module: [
    Safe.enableModule,
    Safe.disableModule,
    Safe.execTransactionFromModule,
    Safe.execTransactionFromModuleReturnData,
    Contracts.executeFromExecutor,
    Contracts.installModule,
    Contracts.uninstallModule,
  ],
  guard: [Safe.setGuard, Safe.setModuleGuard],
  'fallback-handler': [Safe.setFallbackHandler],
  'approve-hash': [Safe.approveHash, Safe.signMessage],
  permit: [
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
  ],
}

const bySignature = new Map<Signature, Change>(
  (Object.keys(functions) as Change[]).flatMap((change) =>
    functions[change].map((one) => [one, change] as const),
  ),
)

export const changeOf = (signature: Signature): Change | undefined =>
  bySignature.get(signature)
