import type { Hex } from '@keyward/core'
import * as Contracts from '../abi/contractFunctions.js'
import { decodeCall } from '../abi/decode.js'
import type { Signature } from '../abi/Signature.js'
import * as Safe from '../abi/safeFunctions.js'
import type { Value } from '../abi/Type.js'
import type { Call, Explained, Meaning } from './Call.js'
import { readMultiSend } from './multiSend.js'
import { readExecution } from './readExecution.js'
import { readInitCode } from './readInitCode.js'

/** Maximum nesting: a multicall in a batch in a batch has only four levels. */
const maxDepth = 8
/**
 * Batches of hundreds of calls are read; larger ones are too long to review.
 */
const defaultMaxCalls = 1000

/** By selector. */
export const known: ReadonlyMap<string, Signature> = new Map(
  [Safe, Contracts]
    .flatMap((module) => Object.values<Signature | Signature[]>(module).flat())
    .map((one) => [one.selector, one]),
)

/**
 * Decodes a call down to its innermost calls. Anything unknown or not in
 * canonical encoding is marked unknown; nothing is guessed.
 *
 * @param declared - Functions in addition to those known here.
 * @param maxCalls - Larger batches are not read.
 */
export function explain(
  call: Call,
  declared: readonly Signature[] = [],
  maxCalls = defaultMaxCalls,
): Explained {
  let left = maxCalls
  const read = (one: Call, path: string, depth: number): Explained => {
    left--
    const meaning = readMeaning(one, declared)
    if (meaning.kind !== 'function') return { ...one, path, meaning, inner: [] }
    const calls = readInner(one, meaning)
    const reason =
      calls === undefined
        ? "the batch can't be read"
        : depth >= maxDepth && calls.length > 0
          ? `calls are nested more than ${maxDepth} deep`
          : calls.length > left
            ? `there are more than ${maxCalls} calls`
            : undefined
    if (calls === undefined || reason !== undefined) {
      const like = meaning.signature
      const unknown = { kind: 'unknown', reason: reason ?? '', like } as const
      return { ...one, path, meaning: unknown, inner: [] }
    }
    const inner = calls.map((each, index) =>
      read(each, path === '' ? `${index}` : `${path}.${index}`, depth + 1),
    )
    return { ...one, path, meaning, inner }
  }
  return read(call, '', 0)
}

function readMeaning({ data }: Call, declared: readonly Signature[]): Meaning {
  if (data === '0x') return { kind: 'payment' }
  const selector = data.slice(0, 10)
  const like =
    known.get(selector) ?? declared.find((one) => one.selector === selector)
  const values = like && decodeCall(like, data)
  if (like && values) return { kind: 'function', signature: like, values }
  return {
    kind: 'unknown',
    like,
    reason:
      like === undefined
        ? data.length < 10
          ? 'the data is too short for a function'
          : `no known function has the selector ${data.slice(0, 10)}`
        : `the selector is that of ${like.text}, but the encoding is not`,
  }
}

/** @returns undefined if a batch can't be read */
function readInner(
  call: Call,
  { signature, values }: Extract<Meaning, { kind: 'function' }>,
): Call[] | undefined {
  const { from, to, operation } = call
  // With a delegatecall, the code runs as the caller, which makes the calls.
  const self = operation === 1 ? from : to
  const [first, second, third] = values
  switch (signature) {
    case Safe.multiSend:
      return readMultiSend(first as Hex, self)
    case Safe.execTransaction:
    case Safe.execTransactionFromModule:
    case Safe.execTransactionFromModuleReturnData:
      return [
        {
          from: self,
          to: first as Hex,
          value: second as bigint,
          data: third as Hex,
          operation: values[3] === 0n ? 0 : 1,
        },
      ]
    case Contracts.multicall:
    case Contracts.multicallWithDeadline:
    case Contracts.multicallAfterBlock:
      return (values.at(-1) as Hex[]).map((data) => ({
        ...{ from, to: self, value: 0n, data, operation: 0 },
      }))
    case Contracts.aggregate3:
    case Contracts.aggregate3Value:
    case Contracts.aggregate:
    case Contracts.tryAggregate:
    case Contracts.tryBlockAndAggregate:
      return (values.at(-1) as Value[][]).map((one) => ({
        from: self,
        to: one[0] as Hex,
        value:
          signature === Contracts.aggregate3Value ? (one[2] as bigint) : 0n,
        data: one.at(-1) as Hex,
        operation: 0,
      }))
    case Contracts.execute:
      return [toCall(self, values)]
    case Contracts.executeBatchOfCalls:
      return (first as Value[][]).map((one) => toCall(self, one))
    case Contracts.executeBatch: {
      const [targets, amounts, datas] = values as Value[][]
      const isEven =
        targets?.length === amounts?.length && targets?.length === datas?.length
      return isEven
        ? targets?.map((target, at) =>
            toCall(self, [target, amounts?.[at] ?? 0n, datas?.[at] ?? '0x']),
          )
        : undefined
    }
    case Contracts.executeByMode:
    case Contracts.executeFromExecutor:
      return readExecution(first as Hex, second as Hex, self)
    case Contracts.handleOps:
      return readOperations(self, first as Value[][])
    case Safe.createProxyWithNonce:
      // Runs the singleton's code as the new Safe.
      return [
        {
          ...{ from: self, to: first as Hex, value: 0n },
          ...{ data: second as Hex, operation: 0 },
        },
      ]
    case Safe.setup:
      // Runs the code as the Safe that is being set up.
      return third === zero
        ? []
        : [
            {
              from: self,
              to: third as Hex,
              value: 0n,
              data: values[3] as Hex,
              operation: 1,
            },
          ]
    default:
      return []
  }
}

/** @returns undefined if one of them can't be read */
function readOperations(
  entryPoint: Hex,
  operations: readonly Value[][],
): Call[] | undefined {
  const calls = operations.map((one) => {
    const [sender, , initCode, callData] = one as [Hex, bigint, Hex, Hex]
    const before = readInitCode(initCode, sender, entryPoint)
    return before && [...before, toCall(entryPoint, [sender, 0n, callData])]
  })
  return calls.every((one) => one !== undefined) ? calls.flat() : undefined
}

/** A call by an account, or by a contract on the account's behalf. */
function toCall(from: Hex, [to, value, data]: readonly Value[]): Call {
  return {
    ...{ from, to: to as Hex, value: value as bigint },
    ...{ data: data as Hex, operation: 0 },
  }
}

const zero = `0x${'00'.repeat(20)}`
