import type { AddressSet } from './AddressSet.js'

/**
 * What a policy compares with: a decimal number, an address or bytes as 0x hex
 * in lower case, any other text, or a truth. What it means is the argument's.
 */
export type Literal = string | boolean

/** All of its operators have to hold. */
export type ArgumentCondition = {
  readonly equals?: Literal | undefined
  readonly in?: Choice | undefined
  readonly atLeast?: bigint | undefined
  readonly atMost?: bigint | undefined
  /** A time in seconds since 1970, at most so many seconds from now. */
  readonly within?: bigint | undefined
  readonly startsWith?: string | undefined
  readonly length?: ArgumentCondition | undefined
  readonly every?: ArgumentCondition | undefined
  readonly some?: ArgumentCondition | undefined
  readonly none?: ArgumentCondition | undefined
  /** Of a tuple. */
  readonly fields?: readonly NamedCondition[] | undefined
}

export type NamedCondition = {
  readonly path: readonly string[]
  readonly condition: ArgumentCondition
}

export type Choice = {
  readonly literals: readonly Literal[]
  readonly addresses: AddressSet
}

/** A decimal number: digits / 10^scale. */
export type Decimal = { readonly digits: bigint; readonly scale: number }

/** (of / 10^ofDecimals) / (to / 10^toDecimals), compared exactly. */
export type Ratio = {
  readonly of: readonly string[]
  readonly ofDecimals: number
  readonly to: readonly string[]
  readonly toDecimals: number
  readonly atLeast: Decimal | undefined
  readonly atMost: Decimal | undefined
}
