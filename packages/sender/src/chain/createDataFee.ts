import { NetworkData } from '@keyward/core'
import type { Runtime } from '@keyward/core/rpc'
import { RpcRefusedError } from '@keyward/core/rpc'
import type { Chain } from './createChain.js'
import { classify } from './SendFailure.js'

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

/** Selectors of the GasPriceOracle. */
const getL1FeeUpperBound = 'f1c7a58b'
const getOperatorFee = '275aedd2'

/** Stands in for chains of all kinds. */
const localChainId = 31337

/**
 * Asks the GasPriceOracle of the OP stack for the fee of a transaction's data,
 * and for the operator's. Of a chain that nothing is known of, it is found out
 * once whether there is one.
 */
export function createDataFee(chain: Chain, runtime: Runtime): DataFee {
  const known = NetworkData.get(chain.chainId)
  const isUnknown =
    Object.keys(known).length === 0 || chain.chainId === localChainId
  if (known.dataFee === undefined && !isUnknown) return async () => noFee
  const kept = new Map<string, { until: number; answer: Promise<bigint> }>()
  const missing = new Map<string, number>()

  async function ask(
    selector: string,
    argument: bigint,
    options: Options,
  ): Promise<bigint> {
    const data =
      `0x${selector}${argument.toString(16).padStart(64, '0')}` as const
    const answer = await chain
      .call({ to: NetworkData.gasPriceOracle, data }, options)
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
    selector: string,
    argument: bigint,
    options: Options,
  ): Promise<bigint> {
    if (isMissing(selector)) return Promise.resolve(0n)
    const now = runtime.now()
    const key = `${selector}${argument}`
    const before = kept.get(key)
    if (before !== undefined && before.until > now) return before.answer
    if (kept.size >= maxKept) kept.clear()
    const answer = ask(selector, argument, options)
    kept.set(key, { until: now + freshMs, answer })
    answer.catch(() => kept.delete(key))
    return answer
  }

  return async ({ bytes, gas }, options) => {
    // Rounded up, so that payments that are alike share an answer.
    const size = BigInt(Math.ceil(bytes / 32) * 32)
    const data = await askOnce(getL1FeeUpperBound, size, options)
    // A chain that publishes its data elsewhere may have an operator's fee alone.
    if (isMissing(getL1FeeUpperBound)) return noFee
    return { data, operator: await askOnce(getOperatorFee, gas, options) }
  }
}

function isBusy(error: RpcRefusedError): boolean {
  const failure = classify(error)
  return failure === 'rate-limited' || failure === 'service'
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
  return fixedBytes + data.length / 2 + accessList.length * 32 + keys * 33
}
