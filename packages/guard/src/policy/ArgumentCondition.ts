import type { Reference } from './Reference.js'

/** What a policy compares with: a number, bytes or an address, a text, a truth. */
export type Literal = bigint | string | boolean

/** All of its operators have to hold. */
export type ArgumentCondition = {
  readonly equals?: Literal | undefined
  readonly in?: readonly (Literal | Reference)[] | undefined
  readonly atLeast?: bigint | undefined
  readonly atMost?: bigint | undefined
  /** A time in seconds since 1970, at most so many seconds from now. */
  readonly within?: bigint | undefined
  readonly startsWith?: string | undefined
  readonly length?: ArgumentCondition | undefined
  readonly every?: ArgumentCondition | undefined
  readonly some?: ArgumentCondition | undefined
  readonly none?: ArgumentCondition | undefined
  /** Of a tuple, by name. */
  readonly fields?:
    | readonly (readonly [
        path: readonly string[],
        condition: ArgumentCondition,
      ])[]
    | undefined
}

/** A decimal number as an integer and its digits behind the point. */
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
