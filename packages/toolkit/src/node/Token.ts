import { type Rpc, RpcRefusedError } from '@keyward/sender'
import { formatUnits } from '../text/formatUnits.js'

export type Token = { symbol: string; address: string; decimals: number }

/** An account's token balance; undefined if the contract did not answer. */
export type TokenBalance = Token & { amount: bigint | undefined }

/** ERC-20 function selectors. */
const selectors = {
  balanceOf: '0x70a08231',
  decimals: '0x313ce567',
  symbol: '0x95d89b41',
} as const

/**
 * Reads an account's balance of a token. If the contract is missing or refuses,
 * the amount is undefined, which does not mean zero.
 *
 * @throws the errors of {@link Rpc.request}, except for a refusal
 */
export async function readBalance(
  rpc: Rpc,
  token: Token,
  account: string,
): Promise<TokenBalance> {
  const holder = account.slice(2).toLowerCase().padStart(64, '0')
  const data = selectors.balanceOf + holder
  return { ...token, amount: await readNumber(rpc, token.address, data) }
}

/**
 * Calls a contract function, and returns the result if it is a single number.
 *
 * @throws the errors of {@link Rpc.request}, except for a refusal
 */
export async function readNumber(
  rpc: Rpc,
  to: string,
  data: string,
): Promise<bigint | undefined> {
  return toNumber(await call(rpc, to, data))
}

/**
 * Asks a token for its number of decimals.
 *
 * @throws the errors of {@link Rpc.request}, except for a refusal
 */
export async function readDecimals(
  rpc: Rpc,
  address: string,
): Promise<number | undefined> {
  const decimals = await readNumber(rpc, address, selectors.decimals)
  return decimals !== undefined && decimals <= 77n
    ? Number(decimals)
    : undefined
}

/**
 * Describes a token of which only the address is known. Its contract can return
 * any text, so only a short plain symbol is accepted.
 */
export async function describe(rpc: Rpc, address: string): Promise<Token> {
  const [symbol, decimals = 0] = await Promise.all([
    call(rpc, address, selectors.symbol),
    readDecimals(rpc, address),
  ])
  return { address, symbol: toSymbol(symbol) ?? 'token', decimals }
}

/** Formats an amount with its symbol, for example `2.5 USDC`. */
export function format({ amount, decimals, symbol }: TokenBalance): string {
  return amount === undefined
    ? `unknown ${symbol}`
    : `${formatUnits(amount, decimals)} ${symbol}`
}

async function call(
  rpc: Rpc,
  to: string,
  data: string,
): Promise<string | undefined> {
  try {
    const answer = await rpc.request('eth_call', [{ to, data }, 'latest'])
    return typeof answer === 'string' ? answer : undefined
  } catch (error) {
    if (error instanceof RpcRefusedError) return undefined
    throw error
  }
}

function toNumber(answer: string | undefined): bigint | undefined {
  return answer !== undefined && /^0x[0-9a-f]{64}$/i.test(answer)
    ? BigInt(answer)
    : undefined
}

// An ABI string, or the 32 bytes that old tokens return.
function toSymbol(answer: string | undefined): string | undefined {
  if (answer === undefined || !/^0x(?:[0-9a-f]{64}){1,4}$/i.test(answer))
    return undefined
  const bytes = Buffer.from(answer.slice(2), 'hex')
  const length = bytes.length > 64 ? Number(bytes.readUInt32BE(60)) : 32
  const text = bytes
    .subarray(bytes.length > 64 ? 64 : 0)
    .subarray(0, length)
    .toString('latin1')
    .replace(/\0+$/, '')
  return /^[A-Za-z0-9.$_-]{1,16}$/.test(text) ? text : undefined
}
