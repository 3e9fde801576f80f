import { InsufficientFundsError, type Rpc } from '@keyward/sender'
import * as Account from '../node/Account.js'
import * as Token from '../node/Token.js'
import { wellKnown } from '../node/tokens.js'
import { pluralize } from '../text/pluralize.js'
import * as NativeMove from './NativeMove.js'
import type { Destination, Plan, TokenMove } from './Plan.js'
import { SweepError } from './SweepError.js'
import * as TokenTransfer from './TokenTransfer.js'

export type Wish = {
  from: string
  to: string
  network: string
  chainId: number
  /** Contracts to check in addition to the well-known ones. */
  tokens: readonly string[]
  /** Contracts whose tokens stay. */
  skip: readonly string[]
  /** Wei per gas. */
  maxFee?: bigint | undefined
}

/**
 * Asks the chain what it takes to empty an account. The node first simulates
 * every transfer, and anything unclear is refused.
 *
 * @throws SweepError, InsufficientFundsError, and the errors of
 * {@link Rpc.request}
 */
export async function readPlan(rpc: Rpc, wish: Wish): Promise<Plan> {
  const { from, to, network, chainId, skip } = wish
  const account = await Account.read(rpc, from)
  if (account.waiting > 0n)
    throw new SweepError(
      `${from} has ${pluralize(account.waiting, 'transaction')} waiting to be mined.`,
      'Wait until nothing is pending, or cancel the pending transactions, which keyward tx list shows. Then sweep again.',
    )
  const known = await listTokens(rpc, wish)
  assertDestination(wish, known)
  const tokens: TokenMove[] = []
  for (const token of known) {
    if (skip.includes(token.address)) continue
    const amount = await readAmount(rpc, token, wish)
    if (amount > 0n)
      tokens.push(await TokenTransfer.plan(rpc, { ...token, amount }, wish))
  }
  const price = await NativeMove.readPrice(rpc, wish)
  const tokenFees = tokens.reduce(
    (sum, { gas }) => sum + gas * price.feePerGas + price.reserve,
    0n,
  )
  if (account.wei < tokenFees)
    throw new InsufficientFundsError(from, account.wei, tokenFees)
  return {
    from,
    to,
    destination: await readDestination(rpc, to),
    network,
    chainId,
    nonce: account.nonce,
    tokens,
    tokenFees,
    native: NativeMove.create(price, account.wei - tokenFees),
    skipped: skip,
  }
}

async function listTokens(
  rpc: Rpc,
  { chainId, tokens, skip }: Wish,
): Promise<Token.Token[]> {
  const known = wellKnown(chainId)
  const isKnown = (address: string) =>
    known.some((token) => token.address === address)
  const others = [...new Set(tokens)].filter(
    (address) => !isKnown(address) && !skip.includes(address),
  )
  return [
    ...known,
    ...(await Promise.all(others.map((each) => Token.describe(rpc, each)))),
  ]
}

/** Refuses an address at which funds would be lost permanently. */
function assertDestination(
  { from, to, skip }: Wish,
  tokens: readonly Token.Token[],
): void {
  const refuse = (reason: string) => {
    throw new SweepError(
      `--to ${to} ${reason}.`,
      'Pass the address that should receive everything.',
    )
  }
  if (to === from) refuse('is the account itself')
  // Precompiled contracts have the lowest addresses and keep what they receive.
  if (BigInt(to) < 0x10000n) refuse('is an address that no one has the key for')
  if (skip.includes(to) || tokens.some(({ address }) => address === to))
    refuse('is a token contract, which would keep the funds')
}

async function readAmount(
  rpc: Rpc,
  token: Token.Token,
  { from, tokens }: Wish,
): Promise<bigint> {
  const { amount } = await Token.readBalance(rpc, token, from)
  if (amount !== undefined) return amount
  const code = await rpc.request('eth_getCode', [token.address, 'latest'])
  // A private network that uses a public chain id has none of that chain's
  // tokens.
  if (code === '0x' && !tokens.includes(token.address)) return 0n
  throw new SweepError(
    code === '0x'
      ? `There is no token contract at ${token.address}.`
      : `The contract of the token ${token.address} does not report a balance.`,
    code === '0x'
      ? 'Correct --token.'
      : `Use another node (--rpc-url), or leave the token behind with --skip ${token.address}.`,
  )
}

async function readDestination(rpc: Rpc, to: string): Promise<Destination> {
  const [code, account] = await Promise.all([
    rpc.request('eth_getCode', [to, 'latest']),
    Account.read(rpc, to),
  ])
  // An account that has delegated itself (EIP-7702) is still controlled by its
  // key.
  if (code !== '0x' && !String(code).startsWith('0xef0100')) return 'contract'
  return account.wei > 0n || account.nonce > 0n ? 'account' : 'unused'
}
