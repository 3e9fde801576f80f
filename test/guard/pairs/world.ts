import { checksumAddress } from 'viem'
import type { Document, Scope } from '../second/Document.js'
import { callOnlyBatches, permit2 } from '../second/specification.js'
import type { Random } from './Random.js'

const numbered = (first: number, count: number) =>
  Array.from(
    { length: count },
    (_, at) => `0x${(first + at).toString(16).padStart(2, '0').repeat(20)}`,
  )

export const payees = numbered(0x11, 3)
export const contracts = numbered(0x21, 3)
export const thieves = numbered(0xe1, 2)
export const accounts = numbered(0xa1, 2)
export const tokenAddresses = numbered(0xc1, 5)
export const zero = `0x${'0'.repeat(40)}`
export const batches = callOnlyBatches
export const chains = [1, 10]
/** Where any contract may be called. */
export const localChain = 31337
export const callers = ['payouts', 'treasury', 'ops']

export const addresses = [
  ...payees,
  ...payees,
  ...contracts,
  ...thieves,
  ...accounts,
  ...tokenAddresses,
  zero,
  permit2,
]

const tokens: NonNullable<Document['tokens']> = {
  USDC: {
    chain: 1,
    address: tokenAddresses[0]!,
    kind: 'erc20',
    decimals: 6,
    symbol: 'USDC',
  },
  DAI: {
    chain: 1,
    address: tokenAddresses[1]!,
    kind: 'erc20',
    decimals: 18,
    symbol: 'DAI',
  },
  Ape: { chain: 1, address: tokenAddresses[2]!, kind: 'erc721', symbol: 'APE' },
  Items: {
    chain: 1,
    address: tokenAddresses[3]!,
    kind: 'erc1155',
    symbol: 'ITEM',
  },
  // At an address that is another token's on another chain.
  USDCe: {
    chain: 10,
    address: tokenAddresses[1]!,
    kind: 'erc20',
    decimals: 6,
    symbol: 'USDC.e',
  },
}

export const declaredFunctions = [
  'swap(address tokenIn,address tokenOut,uint256 amountIn,uint256 minOut,address recipient)',
  'settle((address who,uint256[] amounts,(int256 delta,bool flag) inner)[] items,string label,bytes4 tag,int128 shift)',
  'tag(string label,bytes note,bytes32 id,bool on,uint8 level,string[] words)',
  'wrap(uint amount)',
  // Known, with other names: the known one decodes first.
  'approve(address who,uint256 much)',
]

export const declaredTypes: Record<string, string> = {
  Mail: 'Mail(Person from,Person[] to,string contents,uint256 amount)Person(address wallet,string name)',
  Vote: 'Vote(uint256 proposal,bool support,bytes reason,int64 weight,bytes8 salt)',
  // Lists in lists; the first of them may be empty.
  Batch:
    'Batch(Job[] jobs,uint32[][] levels,address[][] sets,string[][] notes,bytes4[][] tags,bool[][] flags)Job(string[] words,bytes[] parts)',
}

const assets = [
  ...['native', 'native', 'native', 'requests'],
  ...['Ape', 'Ape', 'Items', 'Items', ...Object.keys(tokens)],
]

/** All of a policy but its rules. */
export function makeWorld(random: Random): Omit<Document, 'rules'> {
  const { chance, int, pick, some } = random
  const kept = Object.entries(tokens).filter(() => chance(0.85))
  const windows: Document['windows'] = {}
  for (let at = int(7); at > 0; at--) {
    const asset = pick(assets)
    if (!['native', 'requests'].includes(asset))
      if (!kept.some(([id]) => id === asset)) continue
    windows[`window${at}`] = {
      asset,
      ...(asset === 'native' && { chain: chance(0.85) ? 1 : 10 }),
      length: pick(['hour', 'day', 'week']),
      limit: `${10n ** 38n - 1n}`,
      per: some<Scope>(['caller', 'account', 'recipient'], 0.45).filter(
        (one) => asset !== 'requests' || one !== 'recipient',
      ),
    }
  }
  const spelled = (address: string) =>
    chance(0.5) ? address : checksumAddress(address as `0x${string}`)
  return {
    version: 1,
    ...(chance(0.05) && { mode: 'shadow' }),
    tokens: Object.fromEntries(kept),
    groups: {
      payees: payees.map((one) =>
        chance(0.5) ? spelled(one) : { address: one, name: 'payee' },
      ),
      places: [...contracts, ...batches, permit2],
      thieves: thieves.map(spelled),
    },
    functions: declaredFunctions.filter(() => chance(0.85)),
    types: Object.fromEntries(
      Object.entries(declaredTypes).filter(() => chance(0.85)),
    ),
    windows,
  }
}
