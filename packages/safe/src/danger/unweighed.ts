import { Contracts, type Signature } from '@keyward/guard/calls'

/**
 * Functions that policies know, since a rule says who may gain by them. Nobody
 * tells a co-signer what they are for, so that to it they are unknown calls.
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
