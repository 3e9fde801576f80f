import { BaseError, NetworkData } from '@keyward/core'
import type { Context } from './Context.js'

type Limit = { gas: bigint; of: string }

/** Every block has room for this; only larger limits are compared. */
const surelyFits = 1_000_000n

/**
 * No node accepts a transaction too large for any block, and all nonces behind
 * it would wait. The block's limit is requested at most once a minute.
 *
 * @throws GasLimitError
 */
export async function assertGas(
  context: Context,
  gas: bigint,
  deadline: number,
): Promise<void> {
  const limit = await findLimit(context, gas, deadline)
  if (limit !== undefined && gas > limit.gas)
    throw new GasLimitError(gas, limit)
}

/**
 * Lowers the wanted gas to what a block has room for, but never below the gas
 * that is needed.
 */
export async function fitGas(
  context: Context,
  { wanted, needed }: { wanted: bigint; needed: bigint },
  deadline: number,
): Promise<bigint> {
  const limit = await findLimit(context, wanted, deadline)
  if (limit === undefined || wanted <= limit.gas) return wanted
  if (needed > limit.gas) throw new GasLimitError(needed, limit)
  return limit.gas
}

async function findLimit(
  { account, blockGas }: Context,
  gas: bigint,
  deadline: number,
): Promise<Limit | undefined> {
  const { maxGas } = NetworkData.get(account.chainId)
  const ofNetwork =
    maxGas === undefined
      ? undefined
      : { gas: maxGas, of: `a transaction on chain ${account.chainId}` }
  if (ofNetwork !== undefined && gas > ofNetwork.gas) return ofNetwork
  const block = gas <= surelyFits ? undefined : await blockGas({ deadline })
  return block === undefined ? ofNetwork : { gas: block, of: 'a block' }
}

/**
 * The gas limit is above what a block, or a transaction on that network, may
 * use.
 */
export class GasLimitError extends BaseError {
  constructor(gas: bigint, limit: Limit) {
    super(
      'gas-limit',
      `${gas} gas is above the limit of ${limit.gas} for ${limit.of}.`,
      {
        details:
          'Nothing was signed: no node would accept this much gas, and later transactions would wait. Lower gas or leave it out. If you did not set gas, split the call.',
      },
    )
    this.name = 'GasLimitError'
  }
}
