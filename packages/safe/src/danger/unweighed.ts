import { Contracts, type Signature } from '@keyward/guard/calls'

/**
 * Functions that only policies allow, because a rule states who may gain from
 * them. A co-signer has no such rule, so it treats them as unknown calls.
 */
export const unweighed: readonly Signature[] = [
  Contracts.approveOfId,
  Contracts.approveDelegation,
  Contracts.delegationWithSig,
  Contracts.allow,
  Contracts.allowBySig,
  Contracts.permitOfPiece,
  Contracts.permitOfPieceWithBytes,
  Contracts.permitOfPieceWithNonce,
  Contracts.permitForAll,
  Contracts.transferFromAndCall,
  Contracts.transferFromAndCallPlain,
  Contracts.executeByMode,
  Contracts.executeFromExecutor,
  Contracts.installModule,
  Contracts.uninstallModule,
]
