import { zero } from './Action.js'
import type { Document } from './Document.js'
import type { Read } from './readCall.js'
import { callOnlyBatches, functionsWith } from './specification.js'
import { named } from './tokens.js'
import {
  addressAt,
  at,
  booleanAt,
  bytesAt,
  itemsAt,
  numberAt,
  type Tuple,
} from './Value.js'

/** Where the approved amounts stand. */
const approvals: Record<string, (args: Tuple) => bigint[]> = {
  'approve(address,uint256)': (args) => [numberAt(args, 'amount')],
  'approveAndCall(address,uint256)': (args) => [numberAt(args, 'amount')],
  'approveAndCall(address,uint256,bytes)': (args) => [numberAt(args, 'amount')],
  'increaseAllowance(address,uint256)': (args) => [
    numberAt(args, 'addedValue'),
  ],
  'increaseApproval(address,uint256)': (args) => [numberAt(args, 'addedValue')],
  'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)': (args) => [
    numberAt(args, 'value'),
  ],
  'permit(address,address,uint256,uint256,bytes)': (args) => [
    numberAt(args, 'value'),
  ],
  'approve(address,address,uint160,uint48)': (args) => [
    numberAt(args, 'amount'),
  ],
  'approve(address,uint256,uint256)': (args) => [numberAt(args, 'amount')],
  'approveDelegation(address,uint256)': (args) => [numberAt(args, 'amount')],
  'delegationWithSig(address,address,uint256,uint256,uint8,bytes32,bytes32)': (
    args,
  ) => [numberAt(args, 'value')],
  'permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)': (
    args,
  ) => [numberAt(args, 'permitSingle.details.amount')],
  'permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)': (
    args,
  ) =>
    itemsAt(args, 'permitBatch.details').map((one) => numberAt(one, 'amount')),
}

export const isUnlimited = (amount: bigint) =>
  amount >= 2n ** 112n || amount === 2n ** 96n - 1n

const forAll: Record<string, (args: Tuple) => boolean> = {
  'setApprovalForAll(address,bool)': (args) => booleanAt(args, 'approved'),
  'setOperator(address,bool)': (args) => booleanAt(args, 'approved'),
  'permitForAll(address,address,bool,uint256,uint256,bytes)': (args) =>
    booleanAt(args, 'approved'),
  'allow(address,bool)': (args) => booleanAt(args, 'isAllowed'),
  'allowBySig(address,address,bool,uint256,uint256,uint8,bytes32,bytes32)': (
    args,
  ) => booleanAt(args, 'isAllowed'),
  'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)': (
    args,
  ) => booleanAt(args, 'allowed'),
  'authorizeOperator(address)': () => true,
}

const permitting = [
  'permit',
  'permitTransferFrom',
  'permitForAll',
  'allowBySig',
  'delegationWithSig',
]

const handing = [
  'transferAndCall',
  'transferFromAndCall',
  'approveAndCall',
  'send',
  'operatorSend',
  'safeTransferFrom',
  'safeBatchTransferFrom',
]

const listedDangers = [
  'ownership',
  'upgrade',
  'owners',
  'module',
  'guard',
  'fallback-handler',
  'approve-hash',
].map((danger) => [danger, new Set(functionsWith(danger))] as const)

/** Of a call and of a payment. */
export function dangersOf(read: Read, policy: Document): string[] {
  const { args, begins, data, delegate, from, to } = read
  const found: string[] = []
  const signature = read.signature ?? begins
  if (signature?.known) {
    const { name, text } = signature
    const erc721 =
      text === 'approve(address,uint256)' &&
      named(policy, read.chain, to)?.kind === 'erc721'
    const amounts = approvals[text]
    if (amounts && !erc721 && (!args || amounts(args).some(isUnlimited)))
      found.push('unlimited-approval')
    if (forAll[text] && (!args || forAll[text](args)))
      found.push('approval-for-all')
    if (permitting.includes(name)) found.push('permit')
    for (const [danger, functions] of listedDangers)
      if (functions.has(text) || functions.has(name)) found.push(danger)
    if (args && name === 'handleOps')
      if (itemsAt(args, 'ops').some((one) => bytesAt(one, 'initCode') !== '0x'))
        found.push('init-code')
    if (args && name === 'execTransaction') found.push(...safeDangers(args))
    const handed = args && handing.includes(name) && at(args, 'data')
    if (handed && bytesAt(args, 'data') !== '0x') found.push('data-handed-on')
  }
  const batch =
    read.signature?.text === 'multiSend(bytes)' && callOnlyBatches.includes(to)
  if (delegate && !batch) found.push('delegatecall')
  if (data !== '0x' && !delegate && to === from) found.push('self-call')
  if (begins) found.push('malformed-call')
  return found
}

/** Of `execTransaction` and `SafeTx`. */
export function safeDangers(args: Tuple): string[] {
  const refund =
    numberAt(args, 'gasPrice') !== 0n ||
    numberAt(args, 'baseGas') !== 0n ||
    addressAt(args, 'gasToken') !== zero ||
    addressAt(args, 'refundReceiver') !== zero
  return [
    ...(refund ? ['refund'] : []),
    ...(numberAt(args, 'safeTxGas') !== 0n ? ['safe-tx-gas'] : []),
  ]
}
