import type { Hex } from '@keyward/core'
import * as Contracts from '../abi/contractFunctions.js'
import type { Signature } from '../abi/Signature.js'
import { argument, type Explained } from './Call.js'

const handing = new Map<Signature, string>([
  [Contracts.transferAndCall, 'to'],
  [Contracts.transferFromAndCall, 'to'],
  [Contracts.approveAndCall, 'spender'],
  [Contracts.send, 'recipient'],
  [Contracts.operatorSend, 'recipient'],
  [Contracts.safeTransferFromWithData, 'to'],
  [Contracts.safeTransferFrom1155, 'to'],
  [Contracts.safeBatchTransferFrom, 'to'],
])

/** Data that a token passes to a recipient, which attributes it to the Safe. */
export function handedOf(call: Explained): { to: Hex; data: Hex } | undefined {
  const { meaning } = call
  if (meaning.kind !== 'function') return undefined
  const name = handing.get(meaning.signature)
  if (name === undefined) return undefined
  const data = argument(call, 'data') as Hex
  return data === '0x' ? undefined : { to: argument(call, name) as Hex, data }
}
