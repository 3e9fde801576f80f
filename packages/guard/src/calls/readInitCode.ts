import type { Hex } from '@keyward/core'
import type { Call } from './Call.js'

/** In place of a factory's address: the account has code through EIP-7702. */
const delegated = `0x7702${'00'.repeat(18)}`

/**
 * The contract that an entry point calls before an ERC-4337 operation: a
 * factory, which creates the account, or the account itself if it has code
 * through EIP-7702.
 *
 * @returns undefined for bytes too short to contain an address
 */
export function readInitCode(
  initCode: Hex,
  sender: Hex,
  entryPoint: Hex,
): Call[] | undefined {
  // The zeros may be missing if no contract is called.
  if (initCode === '0x' || /^0x7702(?:00){0,18}$/.test(initCode)) return []
  if (initCode.length < delegated.length) return undefined
  const factory = initCode.slice(0, delegated.length) as Hex
  const data: Hex = `0x${initCode.slice(delegated.length)}`
  const to = factory === delegated ? sender : factory
  return [{ ...{ from: entryPoint, to, value: 0n }, data, operation: 0 }]
}
