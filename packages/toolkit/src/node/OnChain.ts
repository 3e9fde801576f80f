import type { Network } from '@keyward/core'
import { createRpc } from '@keyward/sender'
import { currencyOf } from '../networks/explorerLink.js'
import { formatUnits } from '../text/formatUnits.js'
import * as Account from './Account.js'
import * as Token from './Token.js'
import { wellKnown } from './tokens.js'

/**
 * An address's balance, transactions and tokens on one chain, as the chain's
 * endpoint reports them.
 */
export type OnChain = Account.Account & {
  network: string
  chainId: number
  /** The tokens with a balance, and those whose contract did not answer. */
  tokens: readonly Token.TokenBalance[]
  /** The number of contracts that were asked. */
  tokensAsked: number
}

/** Timeout per attempt, kept short because a person is waiting. */
const timeoutMs = 10_000

/**
 * Asks a chain for an address's balance, transactions and tokens: the
 * well-known tokens and any given ones. The chain id is checked first.
 *
 * @throws the errors of `Rpc.request`, such as RpcChainError
 */
export async function read(parameters: {
  urls: readonly string[]
  network: Network.Network
  address: string
  /** Contract addresses. */
  tokens?: readonly string[]
}): Promise<OnChain> {
  const { urls, network, address } = parameters
  const rpc = createRpc({ urls, chainId: network.chainId, timeoutMs })
  const account = await Account.read(rpc, address)
  const known = wellKnown(network.chainId)
  const others = (parameters.tokens ?? []).filter(
    (each) => !known.some((token) => token.address === each),
  )
  const asked = [
    ...known,
    ...(await Promise.all(others.map((each) => Token.describe(rpc, each)))),
  ]
  const balances = await Promise.all(
    asked.map((token) => Token.readBalance(rpc, token, address)),
  )
  return {
    ...account,
    network: network.name,
    chainId: network.chainId,
    tokens: balances.filter(({ amount }) => amount !== 0n),
    tokensAsked: asked.length,
  }
}

/** Whether anything is known that would be lost with the key. */
export function holdsFunds({ wei, tokens }: OnChain): boolean {
  return wei > 0n || tokens.some(({ amount }) => amount !== undefined)
}

/** For example `1.5 ETH, 20 USDC`. */
export function format({ wei, chainId, tokens }: OnChain): string {
  return [
    `${formatUnits(wei, 18)} ${currencyOf(chainId)}`,
    ...tokens.map(Token.format),
  ].join(', ')
}

/** Converts to the `--json` output, in which amounts are strings. */
export function toJson(chain: OnChain): Record<string, unknown> {
  const { network, chainId, wei, nonce, waiting, tokens } = chain
  return {
    network,
    chainId,
    wei: wei.toString(),
    nonce: nonce.toString(),
    waiting: waiting.toString(),
    tokens: tokens.map(({ symbol, address, decimals, amount }) => ({
      symbol,
      address,
      decimals,
      amount: amount?.toString() ?? null,
    })),
  }
}
