import type { Hex } from '@keyward/core'
import type { Signature } from '../abi/Signature.js'
import type { AddressSet } from './AddressSet.js'
import type { NamedCondition, Ratio } from './ArgumentCondition.js'

/**
 * What may be signed, as docs/policy.md specifies it. Made by `parse`: every
 * name in it stands for something, addresses are in lower case.
 */
export type Policy = {
  readonly name: string
  /** In `shadow` everything is decided and nothing refused. */
  readonly mode: Mode
  readonly tokens: ReadonlyMap<string, Token>
  /** Named lists of addresses. */
  readonly groups: ReadonlyMap<string, readonly Member[]>
  readonly functions: readonly Signature[]
  /** Typed data beside the known kinds, by name: its exact `encodeType`. */
  readonly types: ReadonlyMap<string, string>
  readonly windows: ReadonlyMap<string, Window>
  readonly rules: readonly Rule[]
}

export type Mode = 'enforce' | 'shadow'

export type TokenKind = 'erc20' | 'erc721' | 'erc1155'

export type Token = {
  readonly id: string
  readonly chain: bigint
  readonly address: Hex
  readonly kind: TokenKind
  /** 0 to 36; of collections 0. */
  readonly decimals: number
  readonly symbol: string
}

export type Member = {
  readonly address: Hex
  /** As people know it. */
  readonly name: string | undefined
}

/** Of what a window counts the sums apart. */
export type Scope = 'caller' | 'account' | 'recipient'

export type Length = 'hour' | 'day' | 'week'

/** At most `limit` in any interval of this length. */
export type Window = {
  readonly id: string
  /** A token's id, `native`, or `requests`. */
  readonly asset: string
  /** Of `native` only. */
  readonly chain: bigint | undefined
  readonly length: Length
  /** In the asset's smallest unit; at most 10^38 - 1. */
  readonly limit: bigint
  readonly per: readonly Scope[]
}

export type Rule = {
  readonly id: string
  readonly effect: 'allow' | 'deny'
  readonly mode: Mode
  readonly callers: readonly string[] | undefined
  readonly accounts: readonly Hex[] | undefined
  readonly chains: readonly bigint[] | undefined
  readonly hours: readonly Hours[] | undefined
  /** Of transactions. */
  readonly types: readonly string[] | undefined
  readonly fee: FeeCaps
  /** A limit, by asset: `native` or a token's id. */
  readonly maxPerRequest: ReadonlyMap<string, bigint>
  readonly recipients: AddressSet | undefined
  readonly dangers: readonly string[] | undefined
  /**
   * In seconds, of typed data and sign-in messages. Undefined in a rule that
   * allows: for ever.
   */
  readonly maxValidity: bigint | undefined
  /** Limits, too. */
  readonly windows: readonly Window[]
  /** Undefined in a rule that denies whatever is asked. */
  readonly what: What | undefined
}

export type Hours = {
  /** 0 is Sunday; undefined: every day. */
  readonly days: readonly number[] | undefined
  /** Minutes after midnight, UTC: from inclusive, to exclusive. */
  readonly from: number
  readonly to: number
}

/** In wei, and in gas. */
export type FeeCaps = {
  readonly maxFee?: bigint | undefined
  readonly maxGas?: bigint | undefined
  readonly maxFeePerGas?: bigint | undefined
  readonly maxFeePerBlobGas?: bigint | undefined
}

export type What =
  | { readonly kind: 'payment' }
  | CallRule
  | { readonly kind: 'create' }
  | TypedDataRule
  | MessageRule
  | {
      readonly kind: 'authorization'
      readonly delegates: AddressSet | undefined
    }
  | { readonly kind: 'digest' }

export type Arguments = {
  readonly args: readonly NamedCondition[]
  readonly ratios: readonly Ratio[]
  readonly spends: 'unknown' | readonly Spend[] | undefined
}

export type CallRule = Arguments & {
  readonly kind: 'call'
  readonly to: AddressSet | undefined
  /** Undefined: any bytes, understood or not. */
  readonly functions: readonly Signature[] | undefined
}

export type TypedDataRule = Arguments & {
  readonly kind: 'typedData'
  readonly kinds: readonly string[] | undefined
  readonly contracts: AddressSet | undefined
  /** What the domain may lack. */
  readonly without: readonly ('chainId' | 'verifyingContract')[]
}

export type MessageRule = {
  readonly kind: 'message'
  readonly kinds: readonly MessageKind[]
  readonly texts: readonly string[] | undefined
  readonly domains: readonly string[] | undefined
  readonly uris: readonly string[] | undefined
  readonly minNonceLength: number | undefined
}

export type MessageKind =
  | 'text'
  | 'sign-in'
  | 'bytes'
  | 'hash'
  | 'typed-data-hash'
  | 'transaction'

/** What a call gives away, by its arguments. */
export type Spend = {
  /** A token's id, or `native`. */
  readonly asset: string
  /** Path of a number among the arguments. */
  readonly amount: readonly string[]
  /** Path of an address; undefined: the contract that is called. */
  readonly recipient: readonly string[] | undefined
}
