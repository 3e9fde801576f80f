import { type Hex, NetworkData } from '@keyward/core'
import type { Runtime } from '@keyward/core/rpc'
import { RpcRefusedError } from '@keyward/core/rpc'
import type { Chain } from './createChain.js'
import { isBusy } from './SendFailure.js'

type Options = { deadline?: number | undefined } | undefined

/** What a rollup takes beside gas, in wei, at most. */
export type RollupFee = {
  /** For publishing the bytes on the first layer. */
  data: bigint
  /** For the operator, since Isthmus. */
  operator: bigint
}

/** Asks what a rollup takes for a transaction. */
export type DataFee = (
  transaction: { bytes: number; gas: bigint },
  options?: Options,
) => Promise<RollupFee>

/** Where gas is all that is paid for. */
export const noFee: RollupFee = { data: 0n, operator: 0n }

export function totalOf({ data, operator }: RollupFee): bigint {
  return data + operator
}

/** The first layer has a block each 12 seconds. */
const freshMs = 10_000
/** A contract that has no such method gets it with an upgrade, if at all. */
const missingForMs = 10 * 60_000
const maxKept = 100

/** Stands in for chains of all kinds. */
const localChainId = 31337

/** A question to a predeploy whose answer is an amount of wei. */
type Question = { to: Hex; selector: string; argument: string }

/** Of what the bytes are, the most that so many of them may cost. */
const questions = {
  'op-stack': (size: number): Question => ({
    to: NetworkData.gasPriceOracle,
    selector: selectors.getL1FeeUpperBound,
    argument: toWord(size),
  }),
  // It takes the bytes themselves: none is dearer than one that is not zero.
  scroll: (size: number): Question => ({
    to: NetworkData.l1GasPriceOracle,
    selector: selectors.getL1Fee,
    argument: `${toWord(32)}${toWord(size)}${'ff'.repeat(size)}`,
  }),
}

const selectors = {
  getL1Fee: '49948e0e',
  getL1FeeUpperBound: 'f1c7a58b',
  getOperatorFee: '275aedd2',
}

/**
 * Asks the predeploy of the OP stack, or Scroll's, for the fee of a
 * transaction's data, and for the operator's. Of a chain that nothing is known
 * of, it is found out now and then whether there is one.
 */
export function createDataFee(chain: Chain, runtime: Runtime): DataFee {
  const known = NetworkData.get(chain.chainId)
  const isUnknown =
    Object.keys(known).length === 0 || chain.chainId === localChainId
  if (known.dataFee === undefined && !isUnknown) return async () => noFee
  const stacks = isUnknown
    ? (['op-stack', 'scroll'] as const)
    : ([known.dataFee ?? 'op-stack'] as const)
  const kept = new Map<string, { until: number; answer: Promise<bigint> }>()
  const missing = new Map<string, number>()

  async function ask(question: Question, options: Options): Promise<bigint> {
    const { to, selector, argument } = question
    const data = `0x${selector}${argument}` as const
    const answer = await chain
      .call({ to, data }, options)
      .catch((error: unknown) => {
        // A node that is busy does not say that there is no such method.
        if (error instanceof RpcRefusedError && !isBusy(error)) return '0x'
        throw error
      })
    if (/^0x[0-9a-f]{64}$/i.test(answer)) return BigInt(answer)
    missing.set(selector, runtime.now() + missingForMs)
    return 0n
  }

  function isMissing(selector: string): boolean {
    const until = missing.get(selector)
    return until !== undefined && until > runtime.now()
  }

  function askOnce(
    key: string,
    toQuestion: () => Question,
    options: Options,
  ): Promise<bigint> {
    const now = runtime.now()
    const before = kept.get(key)
    if (before !== undefined && before.until > now) return before.answer
    if (kept.size >= maxKept) kept.clear()
    const answer = ask(toQuestion(), options)
    kept.set(key, { until: now + freshMs, answer })
    answer.catch(() => kept.delete(key))
    return answer
  }

  async function askOperator(gas: bigint, options: Options): Promise<bigint> {
    const selector = selectors.getOperatorFee
    if (isMissing(selector)) return 0n
    const toQuestion = (): Question => ({
      to: NetworkData.gasPriceOracle,
      selector,
      argument: toWord(gas),
    })
    return askOnce(`operator ${gas}`, toQuestion, options)
  }

  return async ({ bytes, gas }, options) => {
    // Rounded up, so that payments that are alike share an answer.
    const size = Math.ceil(bytes / 32) * 32
    for (const stack of stacks) {
      const { selector } = questions[stack](0)
      if (isMissing(selector)) continue
      const toQuestion = () => questions[stack](size)
      const data = await askOnce(`${stack} ${size}`, toQuestion, options)
      if (isMissing(selector)) continue
      // A chain that publishes its data elsewhere may have an operator's fee
      // alone.
      const operator =
        stack === 'op-stack' ? await askOperator(gas, options) : 0n
      return { data, operator }
    }
    return noFee
  }
}

function toWord(value: number | bigint): string {
  return value.toString(16).padStart(64, '0')
}

/** Of signature, nonce, fees, recipient and value, and what wraps them. */
const fixedBytes = 192

/** How long a transaction is when it is signed, at most. */
export function toBytes(request: {
  data: string
  accessList: readonly { storageKeys: readonly string[] }[]
}): number {
  const { data, accessList } = request
  const keys = accessList.reduce((sum, one) => sum + one.storageKeys.length, 0)
  // RLP has a byte or more before each item.
  return fixedBytes + (data.length - 2) / 2 + accessList.length * 32 + keys * 33
}
