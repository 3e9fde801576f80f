import type { Hex } from '@keyward/core'
import type { Call } from './Call.js'

/** In place of a factory: the account has code by EIP-7702. */
const delegated = `0x7702${'00'.repeat(18)}`

/**
 * What an entry point calls before an operation of ERC-4337: a factory, which
 * is to create the account, or the account itself, which has its code by EIP-7702.
 *
 * @returns undefined for bytes that are too short for an address
 */
export function readInitCode(
  initCode: Hex,
  sender: Hex,
  entryPoint: Hex,
): Call[] | undefined {
  // Its zeros may be left out where nothing is called.
  if (initCode === '0x' || /^0x7702(?:00){0,18}$/.test(initCode)) return []
  if (initCode.length < delegated.length) return undefined
  const factory = initCode.slice(0, delegated.length) as Hex
  const data: Hex = `0x${initCode.slice(delegated.length)}`
  const to = factory === delegated ? sender : factory
  return [{ ...{ from: entryPoint, to, value: 0n }, data, operation: 0 }]
}
