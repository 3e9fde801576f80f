import { isDescribed } from '@keyward/core/errors'
import { InsufficientFundsError, type SendRequest } from '@keyward/sender'
import { quote } from './quote.js'

const gasOfTransfer = 21_000n

/**
 * An account that has less than the amount is refused before the fee is known.
 * For a transfer, this adds the fee to the error, so that the user doesn't top
 * up too little.
 *
 * @returns The same error with the fee, or the original one.
 */
export async function countFee(
  error: unknown,
  {
    urls,
    chainId,
    address,
    request: { to, value, data, gas = gasOfTransfer, maxFeePerGas },
  }: {
    urls: readonly string[] | undefined
    chainId: number
    address: string
    request: SendRequest.SendRequest
  },
): Promise<unknown> {
  if (!isDescribed(error) || error.code !== 'insufficient-funds') return error
  if (urls === undefined || data !== '0x') return error
  try {
    const transfer = { to, value, data, gas, maxFeePerGas }
    const found = await quote(urls, chainId, address, transfer)
    if ('wouldFail' in found || found.balance >= value) return error
    const total = value + found.maxFee
    return new InsufficientFundsError(address, found.balance, total)
  } catch {
    return error
  }
}
