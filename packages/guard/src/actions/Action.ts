import type { Hex } from '@keyward/core'
import type { Signature } from '../abi/Signature.js'
import type { Field, Value } from '../abi/Type.js'
import type { MessageFacts } from '../message/readMessage.js'
import type { Danger } from './Danger.js'

/**
 * One action of a request: the request itself, or a call within it. Each action
 * is judged separately.
 */
export type Action = {
  /** Empty for the request itself; `0`, `0.2` for calls within it. */
  readonly path: string
  readonly kind:
    | 'payment'
    | 'call'
    | 'create'
    | 'typedData'
    | 'message'
    | 'authorization'
    | 'digest'
  readonly chain: bigint | undefined
  /**
   * The called contract or the recipient, the domain's contract, or the
   * delegate.
   */
  readonly to: Hex | undefined
  /** Wei sent to `to`. */
  readonly value: bigint
  readonly data: Hex
  /** The decoded call; undefined if no known function can decode the bytes. */
  readonly decoded: Decoded | undefined
  /** If the bytes can't be decoded, the known function with their selector. */
  readonly like: Signature | undefined
  /**
   * The assets that leave the account besides `value`; `unknown` if only a rule
   * can declare them.
   */
  readonly flows: readonly Flow[] | 'unknown'
  readonly dangers: readonly Danger[]
  /** When the signature expires, in seconds since 1970. */
  readonly deadlines: readonly bigint[]
  readonly typedData: TypedDataFacts | undefined
  readonly message: MessageFacts | undefined
}

/** Named values: a function's arguments, or typed data. */
export type Decoded = {
  readonly signature: Signature | undefined
  readonly fields: readonly Field[]
  readonly values: readonly Value[]
}

export type TypedDataFacts = {
  /** The known or declared kind with exactly this type. */
  readonly kind: string | undefined
  readonly primaryType: string
  /** As EIP-712 encodes it. */
  readonly encodeType: string
  readonly lacks: readonly ('chainId' | 'verifyingContract')[]
}

/** Something that leaves the account, and the maximum amount. */
export type Flow = {
  /** A token's id, or `native`. */
  readonly asset: string
  /** In the asset's smallest unit. */
  readonly amount: bigint
  readonly recipient: Hex
}
