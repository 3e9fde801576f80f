import { NetworkData } from '@keyward/core'
import type { Runtime } from '@keyward/core/rpc'
import { RpcRefusedError } from '@keyward/core/rpc'
import { isFresh } from '../isFresh.js'
import type { Chain } from './createChain.js'
import { isBusy } from './SendFailure.js'

type Options = { deadline?: number | undefined } | undefined

/** The maximum a rollup charges in addition to gas, in wei. */
export type RollupFee = {
  /** The fee for publishing the bytes on the first layer. */
  data: bigint
  /** The fee for the operator, since Isthmus. */
  operator: bigint
}

/** Asks how much a rollup charges for a transaction. */
export type DataFee = (
  transaction: { bytes: number; gas: bigint },
  options?: Options,
) => Promise<RollupFee>

/** The fee on chains that charge only for gas. */
export const noFee: RollupFee = { data: 0n, operator: 0n }

export function totalOf({ data, operator }: RollupFee): bigint {
  return data + operator
}

/** The first layer has a block every 12 seconds. */
const freshMs = 10_000
/** A contract that lacks this method can only get it in an upgrade. */
const missingForMs = 10 * 60_000
const maxKept = 100

/** The local chain, which may simulate any kind of chain. */
const localChainId = 31337

type Stack = keyof typeof NetworkData.feeOracles

/** Function selectors of predeploys that return an amount in wei. */
const selectors = {
  getL1Fee: '49948e0e',
  getL1FeeUpperBound: 'f1c7a58b',
  getOperatorFee: '275aedd2',
}

/** Asks for the maximum cost of this many bytes, whatever their values. */
function toQuestion(stack: Stack, size: number): string {
  if (stack === 'op-stack')
    return `${selectors.getL1FeeUpperBound}${toWord(size)}`
  // The other stacks take the bytes themselves; non-zero bytes cost the most.
  const bytes = `${toWord(32)}${toWord(size)}${'ff'.repeat(size)}`
  return `${selectors.getL1Fee}${bytes}`
}

/**
 * Asks the predeploy of the OP Stack, Scroll or Morph for a transaction's data
 * fee and the operator's fee. On an unknown chain, it checks from time to time
 * whether a predeploy exists.
 */
export function createDataFee(chain: Chain, runtime: Runtime): DataFee {
  const known = NetworkData.get(chain.chainId)
  const isUnknown =
    Object.keys(known).length === 0 || chain.chainId === localChainId
  if (known.dataFee === undefined && !isUnknown) return async () => noFee
  const stacks: readonly Stack[] = isUnknown
    ? ['op-stack', 'scroll', 'morph']
    : [known.dataFee ?? 'op-stack']
  const kept = new Map<string, { at: number; answer: Promise<bigint> }>()
  const missing = new Map<string, number>()

  /** 0 if the method doesn't exist, which is then not called for a while. */
  async function ask(
    stack: Stack,
    data: string,
    options: Options,
  ): Promise<bigint> {
    const to = NetworkData.feeOracles[stack]
    const answer = await chain
      .call({ to, data: `0x${data}` }, options)
      .catch((error: unknown) => {
        // A busy node's refusal doesn't mean that the method is missing.
        if (error instanceof RpcRefusedError && !isBusy(error)) return '0x'
        throw error
      })
    if (/^0x[0-9a-f]{64}$/i.test(answer)) return BigInt(answer)
    missing.set(nameOf(stack, data), runtime.now())
    return 0n
  }

  /** Undefined if the method doesn't exist. */
  async function askOnce(
    stack: Stack,
    data: string,
    options: Options,
  ): Promise<bigint | undefined> {
    const now = runtime.now()
    const name = nameOf(stack, data)
    const isMissing = () => {
      const at = missing.get(name)
      return at !== undefined && isFresh(at, missingForMs, runtime.now())
    }
    if (isMissing()) return undefined
    const key = `${stack} ${data.length} ${data.slice(0, 72)}`
    const before = kept.get(key)
    if (before !== undefined && isFresh(before.at, freshMs, now))
      return before.answer
    if (kept.size >= maxKept) kept.clear()
    const answer = ask(stack, data, options)
    kept.set(key, { at: now, answer })
    answer.catch(() => kept.delete(key))
    const fee = await answer
    return isMissing() ? undefined : fee
  }

  return async ({ bytes, gas }, options) => {
    // The size is rounded up, so that similar payments share an answer.
    const size = Math.ceil(bytes / 32) * 32
    for (const stack of stacks) {
      const data = await askOnce(stack, toQuestion(stack, size), options)
      if (data === undefined) continue
      // A chain that publishes its data elsewhere may have only an operator
      // fee.
      const operator =
        stack === 'op-stack'
          ? await askOnce(
              stack,
              `${selectors.getOperatorFee}${toWord(gas)}`,
              options,
            )
          : 0n
      return { data, operator: operator ?? 0n }
    }
    return noFee
  }
}

/** Name of a method of a stack's predeploy. */
function nameOf(stack: Stack, data: string): string {
  return `${stack} ${data.slice(0, 8)}`
}

function toWord(value: number | bigint): string {
  return value.toString(16).padStart(64, '0')
}

/** Size of signature, nonce, fees, recipient and value, plus their encoding. */
const fixedBytes = 192

/** The maximum length of a signed transaction. */
export function toBytes(request: {
  data: string
  accessList: readonly { storageKeys: readonly string[] }[]
}): number {
  const { data, accessList } = request
  const keys = accessList.reduce((sum, one) => sum + one.storageKeys.length, 0)
  // RLP puts at least one byte before each item.
  return fixedBytes + (data.length - 2) / 2 + accessList.length * 32 + keys * 33
}
