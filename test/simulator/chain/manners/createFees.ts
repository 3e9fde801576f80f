import type { Character, Manners, MannersOptions } from '../Manners.js'
import { Refusal } from '../Refusal.js'
import { quantity, type SimTransaction } from '../SimTransaction.js'

const gwei = 10n ** 9n

/** Chains that want other prices than their blocks show, or other fields. */
export function createFees(
  character: Character,
  options: MannersOptions,
): Manners {
  switch (character) {
    case 'least tip':
      return leastTip(
        { least: 25n * gwei, shown: (15n * gwei) / 10n },
        (tip, least) =>
          `transaction gas price below minimum: gas tip cap ${tip}, minimum needed ${least}`,
      )
    case 'least tip, no figure':
      return leastTip(
        { least: 5n * gwei, shown: gwei / 20n },
        () => 'transaction underpriced',
      )
    case 'price told as funds':
      return priceToldAsFunds
    case 'empty blocks':
      return emptyBlocks
    case 'no fee history':
      return { answers: { eth_feeHistory: missing } }
    case 'banned bytes':
      return bannedBytes(options)
    case 'legacy, price told':
      return legacy(
        ({ maxFee }, least) =>
          `gas price too low: ${maxFee} wei, use at least tx.gasPrice = ${least} wei`,
      )
    case 'legacy, fee told':
      return legacy(
        ({ gas, maxFee }, least) =>
          `provided fee < minimum global fee (${gas * maxFee}aphoton < ${gas * least}aphoton). Please increase the gas price.: insufficient fee`,
      )
    case 'data fee':
      return dataFee(options)
    case 'data fee, poor':
      return { ...dataFee(options), poorBalance: 25n * 10n ** 15n }
    default:
      return {}
  }
}

const missing = () => {
  throw new Refusal('the method does not exist', -32601)
}

/** A fee history whose blocks all paid the same tip. */
const withTips = (history: unknown, tip: bigint) => {
  const { reward, ...rest } = history as { reward: string[][] }
  const row = (old: string[]) => old.map(() => quantity(tip))
  return { ...rest, reward: reward.map(row) }
}

/** The pool wants more than any block shows; the node says how much. */
function leastTip(
  { least, shown }: { least: bigint; shown: bigint },
  text: (tip: bigint, least: bigint) => string,
): Manners {
  return {
    leastTip: least,
    answers: {
      eth_maxPriorityFeePerGas: () => quantity(least),
      eth_gasPrice: (_, honest, { chain }) =>
        quantity(BigInt(honest() as string) - chain.tip + least),
      eth_feeHistory: (_, honest) => withTips(honest(), shown),
    },
    refuse({ tip }) {
      if (tip < least) throw new Refusal(text(tip, least))
    },
  }
}

/** Moonbeam: the whole price is compared, and told as a lack of funds. */
const priceToldAsFunds: Manners = {
  leastTip: 12n * gwei,
  answers: {
    eth_gasPrice: (_, honest) =>
      quantity(BigInt(honest() as string) + 12n * gwei),
  },
  refuse({ maxFee }, { chain }) {
    if (maxFee < chain.nextBaseFee + 12n * gwei)
      throw new Refusal('insufficient funds for gas * price + value', -32603)
  },
}

/** Nobody uses it: no block paid a tip, and the pool wants a gwei. */
const emptyBlocks: Manners = {
  leastTip: gwei,
  tip: gwei,
  answers: {
    eth_maxPriorityFeePerGas: () => quantity(gwei),
    eth_feeHistory(_, honest) {
      const history = withTips(honest(), 0n) as { gasUsedRatio?: number[] }
      return { ...history, gasUsedRatio: history.gasUsedRatio?.map(() => 0) }
    },
  },
  refuse({ tip }) {
    if (tip < gwei)
      throw new Refusal(
        `transaction underpriced: tip needed ${gwei}, tip permitted ${tip}`,
      )
  },
}

/** Bytes whose price was too low are refused for a while, whatever comes. */
function bannedBytes({ random, scheduler }: MannersOptions): Manners {
  const bannedUntil = new Map<string, number>()
  const banMs = random.pick([20_000, 60_000, 1_800_000])
  // Nodes of Substrate say that they know what they have thrown away.
  const says: [string, number] = random.chance(0.5)
    ? ['Transaction is temporarily banned', 1012]
    : ['already known', -32000]
  return {
    refuse({ hash, tip }, { chain, node }) {
      const key = `${node.name} ${hash}`
      if ((bannedUntil.get(key) ?? 0) > scheduler.now)
        throw new Refusal(...says)
      if (tip >= chain.tip) return
      bannedUntil.set(key, scheduler.now + banMs)
      throw new Refusal('gas price less than block base fee')
    },
  }
}

/** No base fee; the pool wants more than `eth_gasPrice` says. */
function legacy(
  text: (sent: SimTransaction, least: bigint) => string,
): Manners {
  const withoutBaseFee = (_: readonly unknown[], honest: () => unknown) => {
    const block = honest()
    if (block === null) return null
    const { baseFeePerGas, ...rest } = block as Record<string, unknown>
    return rest
  }
  return {
    isLegacy: true,
    answers: {
      eth_feeHistory: missing,
      eth_maxPriorityFeePerGas: missing,
      eth_gasPrice: (_, honest) =>
        quantity((BigInt(honest() as string) * 18n) / 23n),
      eth_getBlockByNumber: withoutBaseFee,
      eth_getBlockByHash: withoutBaseFee,
    },
    refuse(sent, { chain }) {
      if (sent.json.type !== '0x0')
        throw new Refusal('transaction type not supported')
      const least = chain.nextBaseFee + chain.tip
      if (sent.maxFee < least) throw new Refusal(text(sent, least))
    },
  }
}

const gasPriceOracle = '0x420000000000000000000000000000000000000f'
/** Selector of getL1FeeUpperBound. */
const upperBound = '0xf1c7a58b'

/** The OP stack: data costs beside gas, and the account must hold that too. */
function dataFee({ random }: MannersOptions): Manners {
  const fee = BigInt(random.between(1, 20)) * 10n ** 14n
  return {
    dataFee: fee,
    answers: {
      eth_call([call]) {
        const { to, data, input } = call as Record<string, string | undefined>
        const isAsked = String(input ?? data).startsWith(upperBound)
        if (to?.toLowerCase() !== gasPriceOracle || !isAsked)
          throw new Refusal('execution reverted', 3, '0x')
        return `0x${fee.toString(16).padStart(64, '0')}`
      },
    },
    refuse({ value, gas, maxFee }, { node }) {
      const { balance } = node.head()
      const cost = value + gas * maxFee + fee
      if (balance < cost)
        throw new Refusal(
          `insufficient funds for gas * price + value + l1 cost: balance ${balance}, tx cost ${cost}, overshot ${cost - balance}`,
        )
    },
  }
}
