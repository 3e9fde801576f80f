import type { Hex } from '@keyward/core'
import { decode } from '../abi/decode.js'
import { parse } from '../abi/Signature.js'
import type { Call } from './Call.js'

/** Number of hex digits of an address and of a word. */
const [address, word] = [40, 64]
const zero = `0x${'00'.repeat(20)}`

const typesOf = (text: string) => parse(text).inputs.map(({ type }) => type)
const list = typesOf('f((address to,uint256 value,bytes data)[] calls)')
const listWithData = typesOf(
  'f((address to,uint256 value,bytes data)[] calls,bytes opData)',
)

/**
 * The calls that an account makes through `execute(bytes32,bytes)`, which
 * ERC-7579 and ERC-7821 share. The first byte of a mode defines what to run,
 * the second what happens on failure (0: everything reverts, 1: the rest
 * continues).
 *
 * @returns undefined for another mode, for data in another form, and for a
 * batch with the zero address, which means nobody in one standard and the
 * account itself in the other
 */
export function readExecution(
  mode: Hex,
  data: Hex,
  account: Hex,
): Call[] | undefined {
  const rest = mode.slice(6)
  const isPlain = /^0*$/.test(rest)
  const fails = mode.slice(4, 6)
  if (fails !== '00' && fails !== '01') return undefined
  const hex = data.slice(2)
  switch (mode.slice(2, 4)) {
    case '00':
      if (!isPlain || hex.length < address + word) return undefined
      return [
        {
          ...{ from: account, to: `0x${hex.slice(0, address)}` },
          value: BigInt(`0x${hex.slice(address, address + word)}`),
          ...{ data: `0x${hex.slice(address + word)}`, operation: 0 },
        },
      ]
    case 'ff':
      if (!isPlain || hex.length < address) return undefined
      return [
        {
          ...{ from: account, to: `0x${hex.slice(0, address)}`, value: 0n },
          ...{ data: `0x${hex.slice(address)}`, operation: 1 },
        },
      ]
    case '01': {
      const takesData = fails === '00' && /^0{8}782100010*$/.test(rest)
      if (!isPlain && !takesData) return undefined
      const read =
        decode(list, hex) ?? (takesData ? decode(listWithData, hex) : undefined)
      const calls = (read?.[0] as [Hex, bigint, Hex][] | undefined)?.map(
        ([to, value, inner]): Call => ({
          ...{ from: account, to, value, data: inner, operation: 0 },
        }),
      )
      return calls?.some(({ to }) => to === zero) ? undefined : calls
    }
    default:
      return undefined
  }
}
