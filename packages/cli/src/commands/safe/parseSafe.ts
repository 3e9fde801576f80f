import type * as Core from '@keyward/core'
import type { Parser } from '@keyward/core'
import { InputError, quote } from '@keyward/core/errors'
import type { Danger } from '@keyward/safe'
import type { Parse } from '../../program/Input.js'

/** @throws InputError */
export const parseDanger: Parse<Danger.Danger> = async (text, name) => {
  const { Danger } = await import('@keyward/safe')
  const found = Danger.names.find((each) => each === text)
  if (found !== undefined) return found
  throw new InputError(`${name} ${quote(text)} is not the name of a danger.`, {
    details: `Known dangers: ${Danger.names.join(', ')}.`,
  })
}

/** Uses one of core's parsers, which is loaded only when a value was typed. */
const field =
  <value>(pick: (core: typeof Core) => Parser<value>): Parse<value> =>
  async (text, name) => {
    const { parseField } = await import('@keyward/toolkit/node')
    return parseField(pick(await import('@keyward/core')), text, name)
  }

/** A nonce of a Safe, or the number that determines its address. */
export const parseNumber = field(({ Quantity }) => Quantity.uint256)
/** An amount of the chain's own currency, in wei. */
export const parseEther = field(({ EtherAmount }) => EtherAmount.parse)
/** Call data. */
export const parseData = field(({ HexField }) => HexField.data)
/** Hash of a Safe transaction. */
export const parseHash = field(({ HexField }) => HexField.fixed(32))
