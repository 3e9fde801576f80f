import type { AddressSet } from './AddressSet.js'

/**
 * A value that a policy compares with: a decimal number, an address or bytes as
 * lower-case 0x hex, any other text, or a boolean. The argument's type defines
 * its meaning.
 */
export type Literal = string | boolean

/** All of its operators must hold. */
export type ArgumentCondition = {
  readonly equals?: Literal | undefined
  readonly in?: Choice | undefined
  readonly atLeast?: bigint | undefined
  readonly atMost?: bigint | undefined
  /**
   * The argument must be a time in seconds since 1970, at most this many
   * seconds from now.
   */
  readonly within?: bigint | undefined
  readonly startsWith?: string | undefined
  readonly length?: ArgumentCondition | undefined
  readonly every?: ArgumentCondition | undefined
  readonly some?: ArgumentCondition | undefined
  readonly none?: ArgumentCondition | undefined
  /** For a tuple. */
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
