import type { Parser } from '@keyward/core'
import { Fields } from '@keyward/core'
import type { Signature } from '../../abi/Signature.js'
import type { AddressSet } from '../AddressSet.js'
import type { Member, Token, Window } from '../Policy.js'
import * as values from './values.js'

/** What the rules of a policy can name. */
export type Names = {
  readonly tokens: ReadonlyMap<string, Token>
  readonly groups: ReadonlyMap<string, readonly Member[]>
  readonly windows: ReadonlyMap<string, Window>
  readonly functions: readonly Signature[]
  readonly types: ReadonlyMap<string, string>
}

/** A list of addresses, names of groups, names of tokens. */
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
        return to.wrong(at, one, 'an address, or the name of a group or token')
      return one as string
    }, 10_000)(value, path, problems)
    return read && { names: read, everywhere, onChain }
  }
}

/** `native`, or a token of the policy. */
export function asset({ tokens }: Names): Parser<string> {
  return (value, path, problems) =>
    value === 'native' || tokens.has(value as string)
      ? (value as string)
      : problems.wrong(path, value, 'native, or the name of a token')
}
