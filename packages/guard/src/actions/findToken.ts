import type { Policy, Token } from '../policy/Policy.js'
import type { FindToken } from './flowsOf.js'

const tables = new WeakMap<Policy, Map<string, Token>>()

/** Tokens of one chain, keyed by lower-case address. */
export function createFindToken(
  policy: Policy,
  chain: bigint | undefined,
): FindToken {
  let table = tables.get(policy)
  if (table === undefined) {
    table = new Map(
      [...policy.tokens.values()].map((token) => [
        `${token.chain}:${token.address}`,
        token,
      ]),
    )
    tables.set(policy, table)
  }
  const known = table
  return (address) => known.get(`${chain}:${address}`)
}
