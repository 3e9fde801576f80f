import type { Parser } from '@keyward/core'
import { Fields } from '@keyward/core'
import type { Signature } from '../../abi/Signature.js'
import type { AddressSet } from '../AddressSet.js'
import type { Member, Token, Window } from '../Policy.js'
import * as values from './values.js'

/** The names that a policy's rules can use. */
export type Names = {
  readonly tokens: ReadonlyMap<string, Token>
  readonly groups: ReadonlyMap<string, readonly Member[]>
  readonly windows: ReadonlyMap<string, Window>
  readonly functions: readonly Signature[]
  readonly types: ReadonlyMap<string, string>
}

/** Parses a list of addresses, group names and token names. */
export function addresses(names: Names): Parser<AddressSet> {
  return (value, path, problems) => {
    const everywhere = new Set<string>()
    const onChain = new Set<string>()
    const read = Fields.list<string>((one, at, to) => {
      const token = names.tokens.get(one as string)
      const group = names.groups.get(one as string)
      if (token !== undefined) onChain.add(`${token.chain}:${token.address}`)
      else if (group !== undefined)
        for (const member of group) everywhere.add(member.address)
      else if (typeof one === 'string' && one.startsWith('0x')) {
        const address = values.address(one, at, to)
        if (address !== undefined) everywhere.add(address)
      } else
        return to.wrong(
          at,
          one,
          'an address, or a name defined in groups or tokens',
        )
      return one as string
    }, 10_000)(value, path, problems)
    return read && { names: read, everywhere, onChain }
  }
}

/** Parses `native` or a token of the policy. */
export function asset({ tokens }: Names): Parser<string> {
  return (value, path, problems) =>
    value === 'native' || tokens.has(value as string)
      ? (value as string)
      : problems.wrong(path, value, 'native, or a token defined in tokens')
}
