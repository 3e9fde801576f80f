import { InputError, quote } from '@keyward/core/errors'
import type { SenderOptions } from '@keyward/sender'
import type { Io } from '../Io.js'

type Limits = Pick<SenderOptions, 'finalEndpoints' | 'maxFeePerGas' | 'minTip'>

/**
 * Fee limits and deadlines for a sender in this process, from the same
 * environment variables that the functions use.
 *
 * @throws InputError naming the variable
 */
export function readLimits({ env }: Pick<Io, 'env'>): Limits {
  const { FINAL_ENDPOINTS: count } = env
  if (count && count !== '1' && count !== '2')
    throw new InputError(`FINAL_ENDPOINTS ${quote(count)} is not allowed.`, {
      details:
        'It is the number of providers that must agree, and must be 1 or 2.',
    })
  const maxFeePerGas = readGwei('MAX_FEE_GWEI', env.MAX_FEE_GWEI)
  const minTip = readGwei('MIN_TIP_GWEI', env.MIN_TIP_GWEI)
  return {
    ...(count && { finalEndpoints: Number(count) as 1 | 2 }),
    ...(maxFeePerGas !== undefined && { maxFeePerGas }),
    ...(minTip !== undefined && { minTip }),
  }
}

/** Converts gwei as text to wei. */
function readGwei(name: string, text: string | undefined): bigint | undefined {
  if (!text) return undefined
  const [, whole = '', fraction = ''] =
    /^(0|[1-9]\d{0,17})(?:\.(\d{1,9}))?$/.exec(text) ?? []
  const wei = whole === '' ? 0n : BigInt(whole + fraction.padEnd(9, '0'))
  if (wei > 0n) return wei
  throw new InputError(`${name} ${quote(text)} is not allowed.`, {
    details:
      'It must be an amount in gwei that is greater than 0, such as 150 or 0.05.',
  })
}
