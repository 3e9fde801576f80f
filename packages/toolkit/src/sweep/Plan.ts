import { currencyOf } from '../networks/explorerLink.js'
import * as Token from '../node/Token.js'
import { formatUnits } from '../text/formatUnits.js'
import { toColumns } from '../text/toColumns.js'
import type * as NativeMove from './NativeMove.js'

/** The account's whole balance of one token. */
export type TokenMove = Token.Token & {
  /** In the token's smallest units. */
  amount: bigint
  /** The gas for the transfer, with a margin. */
  gas: bigint
}

/** The kind of account at the receiving address. */
export type Destination = 'account' | 'unused' | 'contract'

/**
 * What a sweep would move, in this order: tokens, then the chain's currency.
 */
export type Plan = {
  from: string
  to: string
  destination: Destination
  network: string
  chainId: number
  /** The account's next nonce when the plan was made. */
  nonce: bigint
  tokens: readonly TokenMove[]
  /** Approximate maximum fee of the tokens' transfers, in wei. */
  tokenFees: bigint
  native: NativeMove.NativeMove
  /** Tokens to leave behind. */
  skipped: readonly string[]
}

const destinations: Record<Destination, string> = {
  account: 'an account that has been used on this network',
  unused: 'NEVER USED on this network: make sure that someone has its key',
  contract: 'a contract: make sure that it can forward the funds',
}

/** Assets that a sweep never finds. */
const notFound =
  'tokens that are not well known (--token ADDRESS), NFTs, other networks, stakes and deposits, roles in contracts'

export function isEmpty({ tokens, native }: Plan): boolean {
  return tokens.length === 0 && native.value === 0n
}

/** The plan as text for users. */
export function format(plan: Plan): string {
  const { from, to, chainId, native, tokens, tokenFees, skipped } = plan
  const currency = currencyOf(chainId)
  const ether = (wei: bigint) => `${formatUnits(wei, 18)} ${currency}`
  const about = tokens.length === 0 ? '' : 'about '
  return toColumns([
    ['from', `${from} on ${plan.network} (${chainId})`],
    ['to', `${to}, ${destinations[plan.destination]}`],
    ...tokens.map(
      (move, index) =>
        [`${index + 1}.`, `${Token.format(move)} (${move.address})`] as const,
    ),
    [
      `${tokens.length + 1}.`,
      native.value > 0n
        ? `${about}${ether(native.value)}: everything except the fee of ${ether(native.fee)}`
        : `no ${currency}: ${ether(native.balance)} is less than the fee`,
    ],
    [
      'fees',
      tokens.length === 0
        ? undefined
        : `for the token transfers: at most ${ether(tokenFees)}`,
    ],
    [
      'stays',
      native.value > 0n && native.reserve > 0n
        ? `at most ${ether(native.reserve)}: the network charges a data fee that becomes known only afterwards`
        : native.value > 0n && !native.isExact
          ? 'the unused part of the fee'
          : undefined,
    ],
    ['left', skipped.length === 0 ? undefined : skipped.join(', ')],
    ['not checked', notFound],
  ])
}

/** Converts to the `--json` output, in which amounts are strings. */
export function toJson(plan: Plan): Record<string, unknown> {
  const { native } = plan
  return {
    nonce: plan.nonce.toString(),
    destination: plan.destination,
    tokens: plan.tokens.map(({ symbol, address, decimals, amount, gas }) => ({
      symbol,
      address,
      decimals,
      amount: amount.toString(),
      gas: gas.toString(),
    })),
    tokenFeesWei: plan.tokenFees.toString(),
    native: {
      balanceWei: native.balance.toString(),
      valueWei: native.value.toString(),
      feeWei: native.fee.toString(),
      gas: native.gas.toString(),
      feePerGas: native.feePerGas.toString(),
      reserveWei: native.reserve.toString(),
    },
    skipped: plan.skipped,
  }
}
