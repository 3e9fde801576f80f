import { type Character, characters } from './chain/Manners.js'
import { type Kind, kinds } from './Fault.js'

/**
 * How often each fault struck, and each two of them in one schedule; how many
 * schedules each kind of chain had.
 */
export type Coverage = {
  schedules: number
  characters: Record<string, number>
  kinds: Record<string, number>
  pairs: Record<string, number>
}

export function createCoverage(): Coverage {
  const pairs: Record<string, number> = {}
  for (const [at, one] of kinds.entries())
    for (const other of kinds.slice(at + 1)) pairs[nameOf(one, other)] = 0
  const single = Object.fromEntries(kinds.map((kind) => [kind, 0]))
  const chains = Object.fromEntries(characters.map((one) => [one, 0]))
  return { schedules: 0, characters: chains, kinds: single, pairs }
}

export function count(
  coverage: Coverage,
  { struck, character }: { struck: Iterable<Kind>; character: Character },
): void {
  const { characters } = coverage
  characters[character] = (characters[character] ?? 0) + 1
  const here = new Set(struck)
  const found = kinds.filter((kind) => here.has(kind))
  coverage.schedules++
  for (const [at, one] of found.entries()) {
    coverage.kinds[one] = (coverage.kinds[one] ?? 0) + 1
    for (const other of found.slice(at + 1)) {
      const name = nameOf(one, other)
      coverage.pairs[name] = (coverage.pairs[name] ?? 0) + 1
    }
  }
}

export function add(to: Coverage, more: Coverage): void {
  to.schedules += more.schedules
  for (const part of ['characters', 'kinds', 'pairs'] as const)
    for (const [name, value] of Object.entries(more[part]))
      to[part][name] = (to[part][name] ?? 0) + value
}

/** What was seen less often than it should be. */
export function lacks(
  coverage: Coverage,
  least: { character: number; kind: number; pair: number },
): string[] {
  const below = (counts: Record<string, number>, limit: number) =>
    Object.entries(counts)
      .filter(([, value]) => value < limit)
      .map(([name, value]) => `${name}: ${value} of ${limit}`)
  return [
    ...below(coverage.characters, least.character),
    ...below(coverage.kinds, least.kind),
    ...below(coverage.pairs, least.pair),
  ]
}

export function print(coverage: Coverage): string {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, value]) => `${String(value).padStart(8)}  ${name}`)
  const [rarest] = Object.entries(coverage.pairs).sort(([, a], [, b]) => a - b)
  return [
    `${coverage.schedules} schedules; chains that they had:`,
    ...list(coverage.characters),
    'faults that struck:',
    ...list(coverage.kinds),
    `rarest pair: ${rarest?.[0]}, ${rarest?.[1]} times`,
  ].join('\n')
}

const nameOf = (one: Kind, other: Kind) => `${one} + ${other}`
