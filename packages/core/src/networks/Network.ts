import * as ChainId from '../parse/ChainId.js'
import type { Parser } from '../parse/Parser.js'
import { networks } from './networks.generated.js'

/** A chain's name and id. */
export type Network = {
  /** A known name such as `sepolia`, or the chain id in decimal. */
  name: string
  chainId: number
}

/**
 * Parses a network as given in `ETH_NETWORK`: a known lower-case name, or a
 * decimal chain id. For an unknown name, the error suggests similar ones.
 */
export const parse: Parser<Network> = (value, path, problems) => {
  if (typeof value === 'string' && Object.hasOwn(networks, value))
    return { name: value, chainId: networks[value as keyof typeof networks] }
  if (typeof value === 'string' && /^[1-9][0-9]{0,15}$/.test(value)) {
    const chainId = ChainId.parse(value, path, problems)
    return chainId === undefined ? undefined : fromChainId(chainId)
  }
  const near = typeof value === 'string' ? findNear(value) : []
  const hint = near.length === 0 ? 'mainnet, sepolia, hoodi' : near.join(', ')
  return problems.wrong(
    path,
    value,
    `a network's name (${near.length === 0 ? `for example: ${hint}` : `did you mean ${hint}?`}), a decimal chain id, or local (31337)`,
  )
}

/** The network with a chain id; an unknown network is named after its id. */
export function fromChainId(chainId: number): Network {
  const known = Object.entries(networks).find(([, id]) => id === chainId)
  return { name: known?.[0] ?? String(chainId), chainId }
}

/** Up to three known names, the most similar ones. */
function findNear(value: string): string[] {
  if (value.length > 40) return []
  const wanted = fold(value)
  return Object.keys(networks)
    .map((name) => ({ name, distance: measure(wanted, fold(name)) }))
    .filter(({ name, distance }) => distance <= (name.length < 6 ? 1 : 2))
    .filter(({ distance }, _, all) =>
      all.every((other) => other.distance >= distance),
    )
    .slice(0, 3)
    .map(({ name }) => name)
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Levenshtein distance. */
function measure(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] ?? 0
}
