import type { Hex } from '@keyward/core'
import { encodeCall, toWord } from '../abi/encode.js'
import * as Safe from '../abi/safeFunctions.js'
import type { Call } from './Call.js'

/** Hex digits before the data: operation, to, value, length. */
const headDigits = (1 + 20 + 32 + 32) * 2
const zero = `0x${'00'.repeat(20)}`

/**
 * Reads the calls of a batch, which are packed one after another up to the last
 * byte.
 *
 * @returns undefined for other bytes, and for a batch with the zero address,
 * which means nobody in one version of the contract and the caller itself in
 * another
 */
export function readMultiSend(packed: Hex, from: Hex): Call[] | undefined {
  const calls: Call[] = []
  const hex = packed.slice(2)
  for (let at = 0; at < hex.length; ) {
    if (at + headDigits > hex.length) return undefined
    const operation = Number.parseInt(hex.slice(at, at + 2), 16)
    if (operation > 1) return undefined
    const length = BigInt(`0x${hex.slice(at + 106, at + headDigits)}`)
    const begin = at + headDigits
    if (length * 2n > BigInt(hex.length - begin)) return undefined
    const end = begin + Number(length) * 2
    const to: Hex = `0x${hex.slice(at + 2, at + 42)}`
    if (to === zero) return undefined
    calls.push({
      ...{ from, to },
      value: BigInt(`0x${hex.slice(at + 42, at + 106)}`),
      data: `0x${hex.slice(begin, end)}`,
      operation: operation as 0 | 1,
    })
    at = end
  }
  return calls
}

/** MultiSendCallOnly's calldata for these calls, in order. */
export function encodeMultiSend(
  calls: readonly Pick<Call, 'to' | 'value' | 'data'>[],
): Hex {
  const packed = calls.map(({ to, value, data }) => {
    const length = (data.length - 2) / 2
    const words = [value, BigInt(length)].map(toWord)
    return `00${to.slice(2).toLowerCase()}${words.join('')}${data.slice(2)}`
  })
  return encodeCall(Safe.multiSend, [`0x${packed.join('')}`])
}
