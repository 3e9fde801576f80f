import { parse } from './Signature.js'

// The Safe's own functions, versions 1.3.0 to 1.4.1, and those of its companion
// contracts.

export const execTransaction = parse(
  'execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)',
)
export const setup = parse(
  'setup(address[] owners,uint256 threshold,address to,bytes data,address fallbackHandler,address paymentToken,uint256 payment,address paymentReceiver)',
)
export const createProxyWithNonce = parse(
  'createProxyWithNonce(address singleton,bytes initializer,uint256 saltNonce)',
)
export const addOwnerWithThreshold = parse(
  'addOwnerWithThreshold(address owner,uint256 threshold)',
)
export const removeOwner = parse(
  'removeOwner(address prevOwner,address owner,uint256 threshold)',
)
export const swapOwner = parse(
  'swapOwner(address prevOwner,address oldOwner,address newOwner)',
)
export const changeThreshold = parse('changeThreshold(uint256 threshold)')
export const enableModule = parse('enableModule(address module)')
export const disableModule = parse(
  'disableModule(address prevModule,address module)',
)
export const setGuard = parse('setGuard(address guard)')
export const setModuleGuard = parse('setModuleGuard(address moduleGuard)')
export const setFallbackHandler = parse('setFallbackHandler(address handler)')
export const approveHash = parse('approveHash(bytes32 hashToApprove)')
export const simulateAndRevert = parse(
  'simulateAndRevert(address targetContract,bytes calldataPayload)',
)
export const execTransactionFromModule = parse(
  'execTransactionFromModule(address to,uint256 value,bytes data,uint8 operation)',
)
export const execTransactionFromModuleReturnData = parse(
  'execTransactionFromModuleReturnData(address to,uint256 value,bytes data,uint8 operation)',
)
export const signMessage = parse('signMessage(bytes data)')
export const isValidSignature = parse(
  'isValidSignature(bytes32 hash,bytes signature)',
)
/**
 * Takes packed transactions, each with operation, to, value, length and data.
 */
export const multiSend = parse('multiSend(bytes transactions)')
