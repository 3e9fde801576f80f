import type { Scope } from './Document.js'

/** A line of `policy check`. */
export type Asked = {
  request: Request
  caller?: string
  account?: string
  facts: Facts
}

export type Request =
  | { kind: 'transaction'; transaction: Transaction }
  | { kind: 'typedData'; typedData: TypedData }
  | { kind: 'message'; message: string | { raw: string } }
  | {
      kind: 'authorization'
      authorization: { chainId: number; address: string; nonce: string }
    }
  | { kind: 'digest' }

/** Quantities are decimal strings. */
export type Transaction = {
  type: string
  chainId: number
  to?: string
  value?: string
  data?: string
  gas: string
  nonce: string
  gasPrice?: string
  maxFeePerGas?: string
  maxPriorityFeePerGas?: string
  maxFeePerBlobGas?: string
  blobVersionedHashes?: readonly string[]
  accessList?: readonly object[]
  authorizationList?: readonly object[]
}

export type TypedData = {
  types: Record<string, readonly { name: string; type: string }[]>
  domain: Record<string, unknown>
  primaryType: string
  message: Record<string, unknown>
}

export type Facts = {
  time: string
  spent?: readonly Counted[]
  counted?: readonly Counted[]
}

export type Counted = {
  window: string
  scope: Partial<Record<Scope, string>>
  amount: string
}
