import { parse } from './Signature.js'

// Functions of contracts that a Safe calls: tokens, approvals, batches, owners,
// proxies.

export const transfer = parse('transfer(address to,uint256 amount)')
export const transferFrom = parse(
  'transferFrom(address from,address to,uint256 amount)',
)
export const approve = parse('approve(address spender,uint256 amount)')
export const increaseAllowance = parse(
  'increaseAllowance(address spender,uint256 addedValue)',
)
export const decreaseAllowance = parse(
  'decreaseAllowance(address spender,uint256 subtractedValue)',
)
/** Used by older tokens. */
export const increaseApproval = parse(
  'increaseApproval(address spender,uint256 addedValue)',
)
export const permit = parse(
  'permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
)
export const daiPermit = parse(
  'permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed,uint8 v,bytes32 r,bytes32 s)',
)
export const permitWithBytes = parse(
  'permit(address owner,address spender,uint256 value,uint256 deadline,bytes signature)',
)
export const transferAndCall = parse(
  'transferAndCall(address to,uint256 amount,bytes data)',
)
export const approveAndCall = parse(
  'approveAndCall(address spender,uint256 amount,bytes data)',
)
export const safeTransferFrom = parse(
  'safeTransferFrom(address from,address to,uint256 tokenId)',
)
export const safeTransferFromWithData = parse(
  'safeTransferFrom(address from,address to,uint256 tokenId,bytes data)',
)
export const safeTransferFrom1155 = parse(
  'safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)',
)
export const safeBatchTransferFrom = parse(
  'safeBatchTransferFrom(address from,address to,uint256[] ids,uint256[] amounts,bytes data)',
)
export const setApprovalForAll = parse(
  'setApprovalForAll(address operator,bool approved)',
)
/** ERC-777: approves the whole balance. */
export const authorizeOperator = parse('authorizeOperator(address operator)')
/** ERC-6909 and ERC-7540: approves everything. */
export const setOperator = parse('setOperator(address operator,bool approved)')
/** ERC-1363, without the argument `data`. */
export const transferAndCallPlain = parse(
  'transferAndCall(address to,uint256 amount)',
)
export const approveAndCallPlain = parse(
  'approveAndCall(address spender,uint256 amount)',
)
export const transferFromAndCall = parse(
  'transferFromAndCall(address from,address to,uint256 amount,bytes data)',
)
export const transferFromAndCallPlain = parse(
  'transferFromAndCall(address from,address to,uint256 amount)',
)
/** ERC-777. */
export const send = parse('send(address recipient,uint256 amount,bytes data)')
export const operatorSend = parse(
  'operatorSend(address sender,address recipient,uint256 amount,bytes data,bytes operatorData)',
)
/** ERC-6909: approves an amount of one id. */
export const approveOfId = parse(
  'approve(address spender,uint256 id,uint256 amount)',
)
/** Aave's debt tokens: the other account borrows, and this account owes. */
export const approveDelegation = parse(
  'approveDelegation(address delegatee,uint256 amount)',
)
export const delegationWithSig = parse(
  'delegationWithSig(address delegator,address delegatee,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
)
/** Compound III: a manager can do everything the account can. */
export const allow = parse('allow(address manager,bool isAllowed)')
export const allowBySig = parse(
  'allowBySig(address owner,address manager,bool isAllowed,uint256 nonce,uint256 expiry,uint8 v,bytes32 r,bytes32 s)',
)
/**
 * For one token id: Uniswap V3's positions, ERC-4494, Uniswap V4's positions.
 */
export const permitOfPiece = parse(
  'permit(address spender,uint256 tokenId,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
)
export const permitOfPieceWithBytes = parse(
  'permit(address spender,uint256 tokenId,uint256 deadline,bytes signature)',
)
export const permitOfPieceWithNonce = parse(
  'permit(address spender,uint256 tokenId,uint256 deadline,uint256 nonce,bytes signature)',
)
export const permitForAll = parse(
  'permitForAll(address owner,address operator,bool approved,uint256 deadline,uint256 nonce,bytes signature)',
)
export const burn = parse('burn(uint256 amount)')
export const burnWithData = parse('burn(uint256 amount,bytes data)')
export const burnFrom = parse('burnFrom(address account,uint256 amount)')
/** EIP-3009. */
export const transferWithAuthorization = parse(
  'transferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce,uint8 v,bytes32 r,bytes32 s)',
)
export const receiveWithAuthorization = parse(
  'receiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce,uint8 v,bytes32 r,bytes32 s)',
)
export const deposit = parse('deposit()')
export const withdraw = parse('withdraw(uint256 amount)')

export const permit2Approve = parse(
  'approve(address token,address spender,uint160 amount,uint48 expiration)',
)
export const permit2Transfer = parse(
  'transferFrom(address from,address to,uint160 amount,address token)',
)
export const permit2Permit = parse(
  'permit(address owner,((address token,uint160 amount,uint48 expiration,uint48 nonce) details,address spender,uint256 sigDeadline) permitSingle,bytes signature)',
)
export const permit2PermitBatch = parse(
  'permit(address owner,((address token,uint160 amount,uint48 expiration,uint48 nonce)[] details,address spender,uint256 sigDeadline) permitBatch,bytes signature)',
)
export const permit2TransferBatch = parse(
  'transferFrom((address from,address to,uint160 amount,address token)[] transferDetails)',
)
export const permit2PermitTransferFrom = parse(
  'permitTransferFrom(((address token,uint256 amount) permitted,uint256 nonce,uint256 deadline) permit,(address to,uint256 requestedAmount) transferDetails,address owner,bytes signature)',
)
export const permit2PermitTransferFromBatch = parse(
  'permitTransferFrom(((address token,uint256 amount)[] permitted,uint256 nonce,uint256 deadline) permit,(address to,uint256 requestedAmount)[] transferDetails,address owner,bytes signature)',
)
export const permit2Lockdown = parse(
  'lockdown((address token,address spender)[] approvals)',
)

/** The contract calls itself once for each part, on behalf of the caller. */
export const multicall = parse('multicall(bytes[] data)')
export const multicallWithDeadline = parse(
  'multicall(uint256 deadline,bytes[] data)',
)
export const multicallAfterBlock = parse(
  'multicall(bytes32 previousBlockhash,bytes[] data)',
)
export const aggregate3 = parse(
  'aggregate3((address target,bool allowFailure,bytes callData)[] calls)',
)
export const aggregate3Value = parse(
  'aggregate3Value((address target,bool allowFailure,uint256 value,bytes callData)[] calls)',
)
export const aggregate = parse(
  'aggregate((address target,bytes callData)[] calls)',
)
export const tryBlockAndAggregate = parse(
  'tryBlockAndAggregate(bool requireSuccess,(address target,bytes callData)[] calls)',
)
export const tryAggregate = parse(
  'tryAggregate(bool requireSuccess,(address target,bytes callData)[] calls)',
)

/** Functions of contract accounts, which make the calls themselves. */
export const execute = parse('execute(address target,uint256 value,bytes data)')
export const executeBatch = parse(
  'executeBatch(address[] targets,uint256[] values,bytes[] datas)',
)
export const executeBatchOfCalls = parse(
  'executeBatch((address target,uint256 value,bytes data)[] calls)',
)
/** ERC-7579 and ERC-7821: the mode defines how the data is read. */
export const executeByMode = parse('execute(bytes32 mode,bytes executionData)')
/** ERC-7579: `execute`, called by a module. */
export const executeFromExecutor = parse(
  'executeFromExecutor(bytes32 mode,bytes executionData)',
)
export const installModule = parse(
  'installModule(uint256 moduleTypeId,address module,bytes initData)',
)
export const uninstallModule = parse(
  'uninstallModule(uint256 moduleTypeId,address module,bytes deInitData)',
)
/** ERC-4337, entry points 0.7 and 0.8: calls each account with its data. */
export const handleOps = parse(
  'handleOps((address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData,bytes signature)[] ops,address beneficiary)',
)

export const ownership = [
  'transferOwnership(address newOwner)',
  'transferOwnership(address newOwner,bool direct,bool renounce)',
  'acceptOwnership()',
  'renounceOwnership()',
  'setOwner(address newOwner)',
  'changeOwner(address newOwner)',
  'nominateNewOwner(address newOwner)',
  'setPendingOwner(address newOwner)',
  'grantRole(bytes32 role,address account)',
  'revokeRole(bytes32 role,address account)',
  'renounceRole(bytes32 role,address account)',
  'beginDefaultAdminTransfer(address newAdmin)',
  'acceptDefaultAdminTransfer()',
  'setGovernance(address newGovernance)',
  'transferGovernance(address newGovernance)',
  'setAdmin(address newAdmin)',
  'setPendingAdmin(address newAdmin)',
  'transferAdmin(address newAdmin)',
  'acceptAdmin()',
  'setAuthority(address newAuthority)',
  'setMinter(address minter)',
  'addMinter(address minter)',
].map(parse)

export const upgrades = [
  'upgradeTo(address newImplementation)',
  'upgradeToAndCall(address newImplementation,bytes data)',
  'upgrade(address proxy,address implementation)',
  'upgradeAndCall(address proxy,address implementation,bytes data)',
  'changeProxyAdmin(address proxy,address newAdmin)',
  'changeAdmin(address newAdmin)',
  'setImplementation(address newImplementation)',
  'diamondCut((address facet,uint8 action,bytes4[] selectors)[] cut,address init,bytes initData)',
  'setBeacon(address beacon)',
].map(parse)
