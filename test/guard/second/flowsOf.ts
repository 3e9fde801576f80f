import { type Flow, most, zero } from './Action.js'
import type { Document } from './Document.js'
import type { Read } from './readCall.js'
import { functionsWith, permit2, running } from './specification.js'
import { flowsOfTokens, named } from './tokens.js'
import {
  addressAt,
  at,
  booleanAt,
  itemsAt,
  numberAt,
  type Tuple,
  type Value,
} from './Value.js'

const ruling = new Set(
  [
    'ownership',
    'upgrade',
    'owners',
    'module',
    'guard',
    'fallback-handler',
  ].flatMap(functionsWith),
)
const safes = new Set([
  'approveHash',
  'signMessage',
  'isValidSignature',
  'simulateAndRevert',
])

/** Built in, beside the value of a call with data. */
export function flowsOf(
  read: Read,
  policy: Document,
): readonly Flow[] | 'unknown' {
  const { signature, args, chain, to } = read
  if (!signature?.known || !args) return 'unknown'
  if (to === permit2) {
    const leaving = ofPermit2(signature.text, args)
    if (leaving === 'unknown') return 'unknown'
    if (leaving) return flowsOfTokens(policy, chain, leaving)
  }
  const token = named(policy, chain, to)
  const leaving =
    token &&
    (token.kind === 'erc20'
      ? ofErc20(signature.text, args)
      : ofCollection(token.kind, signature.text, args))
  if (leaving) return leaving.map((one) => ({ asset: token.id, ...one }))
  if (signature.name === 'execTransaction' && numberAt(args, 'gasPrice') !== 0n)
    return 'unknown'
  const { name, text } = signature
  const plain =
    running.has(name) || ruling.has(text) || ruling.has(name) || safes.has(name)
  return plain ? [] : 'unknown'
}

type Leaving = { amount: bigint; recipient: string }

function ofErc20(text: string, args: Tuple): Leaving[] | undefined {
  const give = (amount: string, recipient: string): Leaving[] => [
    { amount: numberAt(args, amount), recipient: addressAt(args, recipient) },
  ]
  switch (text) {
    case 'transfer(address,uint256)':
    case 'transferFrom(address,address,uint256)':
    case 'transferAndCall(address,uint256)':
    case 'transferAndCall(address,uint256,bytes)':
    case 'transferFromAndCall(address,address,uint256)':
    case 'transferFromAndCall(address,address,uint256,bytes)':
      return give('amount', 'to')
    case 'approve(address,uint256)':
    case 'approveAndCall(address,uint256)':
    case 'approveAndCall(address,uint256,bytes)':
      return give('amount', 'spender')
    case 'send(address,uint256,bytes)':
    case 'operatorSend(address,address,uint256,bytes,bytes)':
      return give('amount', 'recipient')
    case 'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)':
    case 'permit(address,address,uint256,uint256,bytes)':
      return give('value', 'spender')
    case 'increaseAllowance(address,uint256)':
    case 'increaseApproval(address,uint256)':
      return give('addedValue', 'spender')
    case 'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)':
    case 'receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)':
      return give('value', 'to')
    case 'burn(uint256)':
    case 'burn(uint256,bytes)':
    case 'burnFrom(address,uint256)':
      return [{ amount: numberAt(args, 'amount'), recipient: zero }]
    case 'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)':
      return booleanAt(args, 'allowed')
        ? [{ amount: most, recipient: addressAt(args, 'spender') }]
        : []
    case 'authorizeOperator(address)':
      return [{ amount: most, recipient: addressAt(args, 'operator') }]
    case 'decreaseAllowance(address,uint256)':
    case 'deposit()':
    case 'withdraw(uint256)':
      return []
    default:
      return undefined
  }
}

function ofCollection(
  kind: 'erc721' | 'erc1155',
  text: string,
  args: Tuple,
): Leaving[] | undefined {
  const give = (amount: bigint, recipient: string): Leaving[] => [
    { amount, recipient: addressAt(args, recipient) },
  ]
  if (text === 'setApprovalForAll(address,bool)')
    return booleanAt(args, 'approved') ? give(most, 'operator') : []
  switch (`${kind} ${text}`) {
    case 'erc721 transferFrom(address,address,uint256)':
    case 'erc721 safeTransferFrom(address,address,uint256)':
    case 'erc721 safeTransferFrom(address,address,uint256,bytes)':
      return give(1n, 'to')
    case 'erc721 approve(address,uint256)':
      return give(1n, 'spender')
    case 'erc1155 safeTransferFrom(address,address,uint256,uint256,bytes)':
      return give(numberAt(args, 'amount'), 'to')
    case 'erc1155 safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)':
      return give(sum(itemsAt(args, 'amounts')), 'to')
    default:
      return undefined
  }
}

const sum = (items: readonly Value[]) =>
  items.reduce((so, one) => so + (one.is === 'number' ? one.number : 0n), 0n)

function ofPermit2(text: string, args: Tuple) {
  const give = (from: Value, amount: string, recipient: string) => ({
    token: addressAt(from, 'token'),
    amount: numberAt(from, amount),
    recipient,
  })
  switch (text) {
    case 'approve(address,address,uint160,uint48)':
      return [give(args, 'amount', addressAt(args, 'spender'))]
    case 'permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)': {
      const details = at(args, 'permitSingle.details')!
      return [give(details, 'amount', addressAt(args, 'permitSingle.spender'))]
    }
    case 'permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)':
      return itemsAt(args, 'permitBatch.details').map((one) =>
        give(one, 'amount', addressAt(args, 'permitBatch.spender')),
      )
    case 'transferFrom(address,address,uint160,address)':
      return [give(args, 'amount', addressAt(args, 'to'))]
    case 'transferFrom((address,address,uint160,address)[])':
      return itemsAt(args, 'transferDetails').map((one) =>
        give(one, 'amount', addressAt(one, 'to')),
      )
    case 'permitTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes)':
      return [
        {
          token: addressAt(args, 'permit.permitted.token'),
          amount: numberAt(args, 'transferDetails.requestedAmount'),
          recipient: addressAt(args, 'transferDetails.to'),
        },
      ]
    case 'permitTransferFrom(((address,uint256)[],uint256,uint256),(address,uint256)[],address,bytes)': {
      const permitted = itemsAt(args, 'permit.permitted')
      const details = itemsAt(args, 'transferDetails')
      if (permitted.length !== details.length) return 'unknown'
      return permitted.map((one, index) => ({
        token: addressAt(one, 'token'),
        amount: numberAt(details[index]!, 'requestedAmount'),
        recipient: addressAt(details[index]!, 'to'),
      }))
    }
    case 'lockdown((address,address)[])':
      return []
    default:
      return undefined
  }
}
