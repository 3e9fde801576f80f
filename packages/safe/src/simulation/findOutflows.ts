import type { Hex } from '@keyward/core'
import { argument, Contracts, type Explained, walk } from '@keyward/guard/calls'

/** The amounts that a transaction states: wei, and units of each token. */
export type Outflows = {
  readonly wei: bigint
  readonly tokens: ReadonlyMap<Hex, bigint>
}

/**
 * Sums up what the Safe sends or allows others to take in all parts of a
 * transaction. A token's id counts as an amount: the two can't be told apart,
 * and it is at least one unit.
 */
export function findOutflows(call: Explained, safe: Hex): Outflows {
  let wei = 0n
  const tokens = new Map<Hex, bigint>()
  const add = (token: Hex, amount: bigint) =>
    tokens.set(token, (tokens.get(token) ?? 0n) + amount)
  for (const one of walk(call)) {
    if (one.from !== safe) continue
    // A delegatecall sends no value.
    if (one.operation === 0 && one.to !== safe) wei += one.value
    const { meaning, to } = one
    if (meaning.kind !== 'function') continue
    const of = (name: string) => argument(one, name)
    const amount = of('amount') ?? of('value') ?? of('addedValue')
    switch (meaning.signature) {
      case Contracts.transferFrom:
      case Contracts.safeTransferFrom1155:
        if (of('from') === safe) add(to, atLeastOne(amount as bigint))
        break
      case Contracts.safeTransferFrom:
      case Contracts.safeTransferFromWithData:
        if (of('from') === safe) add(to, 1n)
        break
      case Contracts.transfer:
      case Contracts.transferAndCall:
      case Contracts.withdraw:
      case Contracts.approve:
      case Contracts.approveAndCall:
      case Contracts.increaseAllowance:
      case Contracts.increaseApproval:
        add(to, atLeastOne(amount as bigint))
        break
      case Contracts.safeBatchTransferFrom:
        if (of('from') === safe)
          for (const each of of('amounts') as bigint[])
            add(to, atLeastOne(each))
        break
      case Contracts.permit2Transfer:
        if (of('from') === safe) add(of('token') as Hex, amount as bigint)
        break
      case Contracts.permit2Approve:
        add(of('token') as Hex, amount as bigint)
        break
    }
  }
  return { wei, tokens }
}

const atLeastOne = (amount: bigint) => (amount > 0n ? amount : 1n)
