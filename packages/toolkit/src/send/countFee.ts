import { isDescribed } from '@keyward/core/errors'
import { InsufficientFundsError, type SendRequest } from '@keyward/sender'
import { quote } from './quote.js'

const gasOfTransfer = 21_000n

/**
 * An account that has less than the amount is refused before the fee is known.
 * For a transfer the fee is counted here, so that nobody sends too little twice.
 *
 * @returns The same with the fee, or the error that came.
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
