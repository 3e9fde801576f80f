import type { Length } from '../policy/Policy.js'
import { GuardConfigurationError } from './errors.js'

/**
 * A rolling window of a policy: at most `limit` in any interval of its length.
 */
export type Window = {
  readonly id: string
  /** The asset it counts, for example a token's id, `native` or `requests`. */
  readonly asset: string
  /** Only for `native`. */
  readonly chain?: bigint | undefined
  readonly length: Length
  /** In the asset's smallest unit; at most `maxAmount`. */
  readonly limit: bigint
}

/**
 * The scope of a total: only the properties by which the window counts
 * separately.
 */
export type Scope = {
  readonly caller?: string | undefined
  readonly account?: string | undefined
  readonly recipient?: string | undefined
}

/** The amount that one request takes from one window. */
export type Charge = {
  readonly window: Window
  readonly scope: Scope
  readonly amount: bigint
}

/**
 * The window's name in the item. If the length changes, it is a different
 * window.
 */
export function nameOf({ id, length }: Pick<Window, 'id' | 'length'>): string {
  return `${id}/${length}`
}

/** Undefined if it is not a window's name. */
export function lengthOf(name: string): Length | undefined {
  const length = name.slice(name.lastIndexOf('/') + 1)
  return length === 'hour' || length === 'day' || length === 'week'
    ? length
    : undefined
}

const scopes = ['caller', 'account', 'recipient'] as const

/**
 * The sort key of the item with all windows of one asset and scope, for example
 * `native@1#account=0xabc...#caller=payouts`.
 *
 * @throws GuardConfigurationError
 */
export function itemOf(window: Window, scope: Scope): string {
  const asset = [window.asset, window.chain]
    .filter((part) => part !== undefined)
    .map((part) => encodeURIComponent(String(part)))
    .join('@')
  const of = scopes.flatMap((name) => {
    const value = scope[name]
    if (value === undefined) return []
    // Addresses are case-insensitive; callers are not.
    const text = name === 'caller' ? value : value.toLowerCase()
    return [`#${name}=${encodeURIComponent(text)}`]
  })
  const key = `${asset}${of.join('')}`
  if (key.length > 1000)
    throw new GuardConfigurationError(
      "a window's asset and scope have more than 1000 characters in total",
    )
  return key
}

/** Math.min only accepts numbers. */
export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}
