import { InputError, quote } from '@keyward/core/errors'
import { createRpc } from '@keyward/sender'
import { parseAddress } from './parseAddress.js'
import { assertUrls } from './rpcUrls.js'
import * as Token from './Token.js'
import { wellKnown } from './tokens.js'

/**
 * Finds a well-known token by its symbol, or any token by its address. The
 * decimals of other tokens are read from their contract.
 *
 * @throws InputError, and the errors of `Rpc.request`
 */
export async function findToken(
  given: string,
  { urls, chainId }: { urls: readonly string[] | undefined; chainId: number },
): Promise<Token.Token> {
  const known = wellKnown(chainId)
  if (!given.startsWith('0x')) {
    const found = known.find(({ symbol }) => symbol === given)
    if (found !== undefined) return found
    const symbols = known.map(({ symbol }) => symbol).join(', ')
    throw new InputError(
      `--token ${quote(given)} is not a known token on this chain.`,
      {
        details: `Pass the address of the token's contract${symbols === '' ? '' : `, or the symbol of a known token: ${symbols}`}.`,
      },
    )
  }
  const address = parseAddress(given, '--token')
  const listed = known.find(
    (each) => each.address.toLowerCase() === address.toLowerCase(),
  )
  if (listed !== undefined) return listed
  const rpc = createRpc({ urls: assertUrls(urls), chainId })
  const decimals = await Token.readDecimals(rpc, address)
  if (decimals === undefined)
    throw new InputError(
      `The token contract ${address} does not return its number of decimals.`,
      {
        details:
          "Without this number, Keyward can't convert the amount. Check --token, or use --call with the amount in the smallest unit.",
      },
    )
  return { ...(await Token.describe(rpc, address)), decimals }
}

/**
 * Parses an amount into smallest units.
 *
 * @throws InputError
 */
export function parseUnits(
  text: string,
  decimals: number,
  flag: string,
): bigint {
  const [, whole = '', fraction = ''] =
    /^(0|[1-9]\d{0,77})(?:\.(\d{1,77}))?$/.exec(text) ?? []
  if (whole === '')
    throw new InputError(`${flag} ${quote(text)} is not an amount.`, {
      details: 'Pass a decimal number such as 12.5, without a unit.',
    })
  if (fraction.length > decimals)
    throw new InputError(`${flag} ${quote(text)} has too many decimals.`, {
      details: `The token allows at most ${decimals} decimals.`,
    })
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}
