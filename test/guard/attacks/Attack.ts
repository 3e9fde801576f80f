import { encodeFunctionData, type Hex, parseAbiItem } from 'viem'
import type { Asked } from '../second/Asked.js'
import type { Document } from '../second/Document.js'
import { account, acme, bob, seconds, usdc, weth } from '../templateCases.js'

/** A request, or a whole question. */
type Question = { readonly kind: string } | Asked

/**
 * An attack and its honest twin: the same contract and selector, or the same
 * type, with harmless arguments. The policy refuses the one by the condition
 * in which a reason's path ends, and allows the other.
 */
export type Attack = readonly [
  name: string,
  refusedBy: string,
  attack: Question,
  twin: Question,
]

export type Attacks = {
  readonly policy: Document
  readonly attacks: readonly Attack[]
}

export const never = 2n ** 256n - 1n
export const zero = `0x${'00'.repeat(20)}`
/** Begins and ends as acme's address does. */
export const lookalike = '0x70997970c51812dc3a010c7d01b50e0d17dd79c8'
export const ape = `0x${'a9'.repeat(20)}`
export const items = `0x${'17'.repeat(20)}`
export const permit2 = '0x000000000022d473030f116ddee9f6b43ac78ba3'
export const vault = `0x${'7a'.repeat(20)}`

/** Tokens and groups that the policies share. */
export const world: Omit<Document, 'rules'> = {
  version: 1,
  tokens: {
    USDC: token(usdc, 'erc20', 6, 'USDC'),
    WETH: token(weth, 'erc20', 18, 'WETH'),
    APE: token(ape, 'erc721', 0, 'APE'),
    ITEMS: token(items, 'erc1155', 0, 'ITEMS'),
  },
  groups: { payees: [acme, bob] },
}

function token(
  address: string,
  kind: 'erc20' | 'erc721' | 'erc1155',
  decimals: number,
  symbol: string,
) {
  return { chain: 1, address: address.toLowerCase(), kind, decimals, symbol }
}

/** Calldata of a function, by its signature. */
export function encode(signature: string, ...args: readonly unknown[]): Hex {
  const abi = [parseAbiItem(`function ${signature}`)]
  return encodeFunctionData({ abi, args } as never)
}

export const transfer = (to: string, amount: bigint) =>
  encode('transfer(address to, uint256 amount)', to, amount)
export const approve = (spender: string, amount: bigint) =>
  encode('approve(address spender, uint256 amount)', spender, amount)

export type Part = readonly [
  to: string,
  data?: Hex,
  value?: bigint,
  operation?: number,
]

/** A batch of a Safe: packed parts. */
export const multiSendOf = (...parts: readonly Part[]) =>
  encode(
    'multiSend(bytes transactions)',
    `0x${parts
      .map(
        ([to, data = '0x', value = 0n, operation = 0]) =>
          `0${operation}${to.slice(2)}${word(value)}${word(BigInt(data.length / 2 - 1))}${data.slice(2)}`,
      )
      .join('')}`,
  )

/** 32 bytes, in hex without 0x. */
export const word = (number: bigint) => number.toString(16).padStart(64, '0')

/** Calldata with one of its words replaced. */
export const withWord = (data: Hex, at: number, value: bigint) => {
  const from = 10 + at * 64
  return `${data.slice(0, from)}${word(value)}${data.slice(from + 64)}` as Hex
}

/** A question with another caller or account, or with other facts. */
export const asking = (request: object, more: object = {}, facts = {}) =>
  ({
    ...{ request, caller: 'payouts', account },
    ...{ facts: { time: iso(seconds), ...facts }, ...more },
  }) as Asked

export const iso = (time: number) => new Date(time * 1000).toISOString()
