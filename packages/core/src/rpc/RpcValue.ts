import type { Hex } from 'ox/Hex'
import { RpcResponseError } from './errors.js'

/**
 * Reads values of JSON-RPC answers strictly. Leading zeros are allowed, because
 * some nodes write them and the value is the same.
 *
 * @throws RpcResponseError
 */
export function quantity(value: unknown, method: string): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw damaged(method, 'a value is not a hex quantity')
  return BigInt(value)
}

/** A 32-byte hash in lower case. */
export function hash(value: unknown, method: string): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value))
    throw damaged(method, 'a value is not a hash')
  return value.toLowerCase() as Hex
}

/**
 * An object, or undefined for null, which means that the node doesn't have it.
 */
export function objectOrNone(
  value: unknown,
  method: string,
): Record<string, unknown> | undefined {
  if (value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value))
    throw damaged(method, 'a value is neither an object nor null')
  return value as Record<string, unknown>
}

export function list(value: unknown, method: string): unknown[] {
  if (!Array.isArray(value)) throw damaged(method, 'a value is not a list')
  return value
}

export function damaged(method: string, reason: string): RpcResponseError {
  return new RpcResponseError('the RPC endpoint', method, reason)
}

/** A quantity in JSON-RPC form. */
export function toQuantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}
