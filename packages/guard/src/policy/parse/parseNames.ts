import { Fields, type Hex, type Parser, type Problems } from '@keyward/core'
import { maxAmount } from '../maxAmount.js'
import type { Member, Token, Window } from '../Policy.js'
import * as values from './values.js'

export const token: Parser<Omit<Token, 'id'>> = (value, path, problems) => {
  const fields = Fields.open(
    value,
    ['chain', 'address', 'kind', 'decimals', 'symbol'],
    path,
    problems,
  )
  if (fields === undefined) return undefined
  const read = {
    chain: fields.required('chain', values.chain),
    address: fields.required('address', values.address),
    kind: fields.required(
      'kind',
      values.oneOf(['erc20', 'erc721', 'erc1155'] as const),
    ),
    decimals: fields.optional('decimals', values.integer(0, 36)) ?? 0,
    symbol: fields.required('symbol', values.label(20)),
  }
  if (read.kind === 'erc20' && fields.raw('decimals') === undefined)
    problems.add(fields.path('decimals'), 'is missing; required for an erc20')
  return read as Omit<Token, 'id'>
}

/** Parses an address, with or without a name. */
const member: Parser<Member> = (value, path, problems) => {
  if (typeof value === 'string') {
    const address = values.address(value, path, problems)
    return address && { address, name: undefined }
  }
  const fields = Fields.open(value, ['address', 'name'], path, problems)
  const address = fields?.required('address', values.address) as Hex
  const name = fields?.required('name', values.label(80)) as string
  return fields && { address, name }
}
export const group = Fields.list(member, 10_000)

export function window(
  tokens: ReadonlyMap<string, Token>,
): Parser<Omit<Window, 'id'>> {
  return (value, path, problems) => {
    const fields = Fields.open(
      value,
      ['asset', 'chain', 'length', 'limit', 'per'],
      path,
      problems,
    )
    if (fields === undefined) return undefined
    const asset = fields.required('asset', (one, at, to) =>
      one === 'native' || one === 'requests' || tokens.has(one as string)
        ? (one as string)
        : to.wrong(at, one, 'native, requests, or a token defined in tokens'),
    )
    const isNative = asset === 'native'
    if (isNative === (fields.raw('chain') === undefined))
      problems.add(
        fields.path('chain'),
        isNative
          ? 'is missing; native is a different asset on each chain'
          : 'is allowed only for native',
      )
    const scopes = ['caller', 'account', 'recipient'] as const
    const per =
      fields.optional('per', Fields.list(values.oneOf(scopes), 3)) ?? []
    if (asset === 'requests' && per.includes('recipient'))
      problems.add(
        fields.path('per'),
        "can't have recipient if asset is requests",
      )
    return {
      asset,
      chain: fields.optional('chain', values.chain),
      length: fields.required(
        'length',
        values.oneOf(['hour', 'day', 'week'] as const),
      ),
      limit: fields.required('limit', values.amount(maxAmount)),
      per: scopes.filter((scope) => per.includes(scope)),
    } as Omit<Window, 'id'>
  }
}

/** Parses an object whose keys are names of the policy. */
export function table<value>(item: Parser<value>): Parser<Map<string, value>> {
  return (value, path, problems: Problems.Problems) => {
    const names =
      typeof value === 'object' && value !== null ? Object.keys(value) : []
    const fields = Fields.open(value, names, path, problems)
    const read = new Map<string, value>()
    for (const one of names) {
      const key = values.name(one, fields?.path(one) ?? path, problems)
      const entry = fields?.required(one, item)
      if (key !== undefined && entry !== undefined) read.set(key, entry)
    }
    return read
  }
}
