import type { Hex } from '@keyward/core'
import type { Signature } from '../abi/Signature.js'
import type { AddressSet } from './AddressSet.js'
import type { NamedCondition, Ratio } from './ArgumentCondition.js'

/**
 * Defines what may be signed, as specified in docs/policy.md. Created by
 * `parse`: every name in it is defined, and addresses are in lower case.
 */
export type Policy = {
  readonly name: string
  /** In `shadow`, everything is decided but nothing is refused. */
  readonly mode: Mode
  readonly tokens: ReadonlyMap<string, Token>
  /** Named lists of addresses. */
  readonly groups: ReadonlyMap<string, readonly Member[]>
  readonly functions: readonly Signature[]
  /** Typed data besides the known kinds, by name: the exact `encodeType`. */
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
  /** 0 to 36; 0 for collections. */
  readonly decimals: number
  readonly symbol: string
}

export type Member = {
  readonly address: Hex
  /** The name that people see. */
  readonly name: string | undefined
}

/** The property by which a window counts separately. */
export type Scope = 'caller' | 'account' | 'recipient'

export type Length = 'hour' | 'day' | 'week'

/** A limit: at most `limit` in any interval of this length. */
export type Window = {
  readonly id: string
  /** A token's id, `native`, or `requests`. */
  readonly asset: string
  /** Only for `native`. */
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
  /** Transaction types. */
  readonly types: readonly string[] | undefined
  readonly fee: FeeCaps
  /** Limits by asset: `native` or a token's id. */
  readonly maxPerRequest: ReadonlyMap<string, bigint>
  readonly recipients: AddressSet | undefined
  readonly dangers: readonly string[] | undefined
  /**
   * The maximum validity in seconds, for typed data and sign-in messages. In a
   * rule that allows, undefined means forever.
   */
  readonly maxValidity: bigint | undefined
  /** The windows whose limits also apply. */
  readonly windows: readonly Window[]
  /** Undefined in a rule that denies everything. */
  readonly what: What | undefined
}

export type Hours = {
  /** 0 is Sunday; undefined means every day. */
  readonly days: readonly number[] | undefined
  /** Minutes after midnight, UTC: `from` is inclusive, `to` exclusive. */
  readonly from: number
  readonly to: number
}

/** Fee limits, in wei and in gas. */
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
  /** Undefined allows any bytes, decodable or not. */
  readonly functions: readonly Signature[] | undefined
}

export type TypedDataRule = Arguments & {
  readonly kind: 'typedData'
  readonly kinds: readonly string[] | undefined
  readonly contracts: AddressSet | undefined
  /** Fields that the domain may lack. */
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

/** An asset that a call gives away, described by its arguments. */
export type Spend = {
  /** A token's id, or `native`. */
  readonly asset: string
  /** Path of a number in the arguments. */
  readonly amount: readonly string[]
  /** Path of an address; undefined means the called contract. */
  readonly recipient: readonly string[] | undefined
}
