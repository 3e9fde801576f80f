import type { Hex } from 'ox/Hex'
import * as AddressField from './AddressField.js'
import * as ChainId from './ChainId.js'
import * as Fields from './Fields.js'
import type { Parser } from './Parser.js'
import * as Quantity from './Quantity.js'

/** A signed EIP-7702 authorisation. */
export type SignedAuthorization = {
  address: Hex
  /** 0 means every chain. */
  chainId: number
  nonce: bigint
  /** 32 bytes. */
  r: Hex
  /** 32 bytes, in the lower half (EIP-2). */
  s: Hex
  yParity: 0 | 1
}

const order =
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const r = Quantity.between(1n, order - 1n)
const s = Quantity.between(1n, order / 2n)
const parity = Quantity.between(0n, 1n)
const v = Quantity.between(0n, 28n)

const known = ['address', 'chainId', 'nonce', 'r', 's', 'yParity', 'v']
const maxItems = 1024

/**
 * A signed authorisation with viem's field names. `v`, which viem adds, is
 * accepted if it agrees with `yParity`.
 */
export const parse: Parser<SignedAuthorization> = (value, path, problems) => {
  const fields = Fields.open(value, known, path, problems)
  if (fields === undefined) return undefined
  // The halves of a signature are not secret, but a key pasted in their place
  // would be, so the values are never quoted.
  const hidden = Fields.unquoted(problems)
  const address = fields.required('address', AddressField.parse)
  const chainId = fields.required('chainId', ChainId.parseOrAny)
  const nonce = fields.required('nonce', Quantity.nonce)
  const yParity = fields.required('yParity', parity)
  const rValue = r(fields.raw('r'), fields.path('r'), hidden)
  const sValue = s(fields.raw('s'), fields.path('s'), hidden)
  const vValue = fields.optional('v', v)
  if (vValue !== undefined && yParity !== undefined) {
    const meant = [yParity, 27n + yParity]
    if (!meant.includes(vValue))
      problems.add(fields.path('v'), 'has a different parity than yParity')
  }
  if (
    address === undefined ||
    chainId === undefined ||
    nonce === undefined ||
    yParity === undefined ||
    rValue === undefined ||
    sValue === undefined
  )
    return undefined
  return {
    address,
    chainId,
    nonce,
    r: word(rValue),
    s: word(sValue),
    yParity: yParity === 0n ? 0 : 1,
  }
}

/** The signed part only: `{"address","chainId","nonce"}`. */
export const parseUnsigned: Parser<
  Pick<SignedAuthorization, 'address' | 'chainId' | 'nonce'>
> = (value, path, problems) => {
  const names = ['address', 'chainId', 'nonce']
  const fields = Fields.open(value, names, path, problems)
  const address = fields?.required('address', AddressField.parse)
  const chainId = fields?.required('chainId', ChainId.parseOrAny)
  const nonce = fields?.required('nonce', Quantity.nonce)
  return address === undefined || chainId === undefined || nonce === undefined
    ? undefined
    : { address, chainId, nonce }
}

/**
 * The authorisation list of a type 4 transaction; it must not be empty
 * (EIP-7702).
 */
export const parseList: Parser<SignedAuthorization[]> = (
  value,
  path,
  problems,
) => {
  if (Array.isArray(value) && value.length === 0)
    return problems.wrong(path, value, 'at least one authorization')
  return items(value, path, problems)
}

const items = Fields.list(parse, maxItems)

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, '0')}`
}
