import { readFileSync } from 'node:fs'

// The lists are read from the page itself, so that they are what it says.
const page = readFileSync(
  new URL('../../../docs/policy.md', import.meta.url),
  'utf8',
)

function section(title: string): string {
  const from = page.indexOf(`\n## ${title}\n`)
  if (from < 0) throw new Error(`docs/policy.md has no section ${title}`)
  const to = page.indexOf('\n## ', from + 1)
  return page.slice(from, to < 0 ? undefined : to)
}

const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| /, '')))

const quoted = (text: string) =>
  [...text.matchAll(/`([^`]+)`/g)].map(([, word]) => word!)

/** In their order: `transfer(address to,uint256 amount)`. */
export const knownFunctions: readonly string[] = section('Known functions')
  .split('\n')
  .flatMap((line) => /^- `(.+)`$/.exec(line)?.[1] ?? [])

/** Names of the functions marked "runs". */
export const running: ReadonlySet<string> = new Set(
  rows(section('Known functions'))
    .slice(2)
    .flatMap(([names]) => quoted(names!))
    .map((name) => name.replace(/\(.*/, '')),
)

/** By kind: its exact `encodeType`. */
export const knownKinds: ReadonlyMap<string, string> = new Map(
  rows(section('Kinds of typed data'))
    .slice(2)
    .map(([kind, type]) => [quoted(kind!)[0]!, quoted(type!)[0]!] as const)
    .filter(([kind]) => !kind.includes('Witness')),
)

const dangerRows = new Map(
  rows(section('Dangers'))
    .slice(2)
    .map(([danger, text]) => [quoted(danger!)[0]!, text!] as const),
)

export const knownDangers: readonly string[] = [...dangerRows.keys()]

/** Signatures, or names, of the functions with a danger. */
export const functionsWith = (danger: string): readonly string[] =>
  quoted(dangerRows.get(danger)!)

/** Those at which a delegatecall of multiSend is no danger. */
export const callOnlyBatches: readonly string[] = dangerRows
  .get('delegatecall')!
  .match(/0x[0-9a-f]{40}/g)!

export const permit2 = '0x000000000022d473030f116ddee9f6b43ac78ba3'
