import type { Hex, SigningRequest, Transaction } from '@keyward/core'
import { type Call, type Explained, walk } from '../calls/Call.js'
import { explain } from '../calls/explain.js'
import { readInitCode } from '../calls/readInitCode.js'
import { readMessage } from '../message/readMessage.js'
import type { Policy } from '../policy/Policy.js'
import { readTypedData } from '../typedData/readTypedData.js'
import type { Action } from './Action.js'
import { dangersOf } from './dangersOf.js'
import { createFindToken } from './findToken.js'
import { flowsOf } from './flowsOf.js'

const never = 2n ** 256n - 1n
const none = {
  to: undefined,
  value: 0n,
  data: '0x',
  decoded: undefined,
  like: undefined,
  flows: [],
  dangers: [],
  deadlines: [],
  typedData: undefined,
  message: undefined,
} as const

/**
 * All actions of a request: first the request itself, then each call within it,
 * from the outside in.
 *
 * @param account - The signing account; undefined if not known yet.
 * @throws InvalidRequestError if typed data doesn't match its types
 */
export function readActions(
  request: SigningRequest,
  account: Hex | undefined,
  policy: Policy,
): Action[] {
  switch (request.kind) {
    case 'transaction':
      return readTransaction(request.transaction, account, policy)
    case 'typedData':
      return readTyped(request.typedData, account, policy)
    case 'message': {
      const message = readMessage(request.message)
      const { signIn } = message
      const expires =
        signIn?.expires === undefined
          ? never
          : BigInt(Math.ceil(signIn.expires / 1000))
      const deadlines = message.kind === 'sign-in' ? [expires] : []
      const chain = signIn?.chain
      return [{ ...none, path: '', kind: 'message', chain, message, deadlines }]
    }
    case 'authorization': {
      const { chainId, address } = request.authorization
      const to = address.toLowerCase() as Hex
      return [
        {
          ...none,
          path: '',
          kind: 'authorization',
          chain: BigInt(chainId),
          to,
        },
      ]
    }
    default:
      return [{ ...none, path: '', kind: 'digest', chain: undefined }]
  }
}

function readTransaction(
  transaction: Transaction.Unsigned,
  account: Hex | undefined,
  policy: Policy,
): Action[] {
  const chain = BigInt(transaction.chainId)
  const { value } = transaction
  const data = transaction.data.toLowerCase() as Hex
  const to = transaction.to?.toLowerCase() as Hex | undefined
  if (to === undefined)
    return [{ ...none, path: '', kind: 'create', chain, value, data }]
  const from = (account?.toLowerCase() ?? 'unknown') as Hex
  return readCall({ from, to, value, data, operation: 0 }, chain, policy)
}

function readCall(
  call: Call,
  chain: bigint,
  policy: Policy,
  below?: string,
): Action[] {
  const find = createFindToken(policy, chain)
  const explained = explain(call, policy.functions, Number.POSITIVE_INFINITY)
  return [...walk(explained)].map((one) => ({
    ...none,
    path: below === undefined ? one.path : join(below, one.path),
    kind: one.meaning.kind === 'payment' ? 'payment' : 'call',
    ...{ chain, to: one.to, value: one.value, data: one.data },
    decoded: decodedOf(one),
    like: one.meaning.kind === 'unknown' ? one.meaning.like : undefined,
    flows: flowsOf(one, find),
    dangers: dangersOf(one, find(one.to)?.kind),
  }))
}

const join = (path: string, below: string) =>
  below === '' ? path : `${path}.${below}`

function decodedOf({ meaning }: Explained) {
  if (meaning.kind !== 'function') return undefined
  const { signature, values } = meaning
  return { signature, fields: signature.inputs, values }
}

function readTyped(
  given: unknown,
  account: Hex | undefined,
  policy: Policy,
): Action[] {
  const read = readTypedData(given, policy.types)
  const { known, chain, contract, message, fields, values } = read
  const find = createFindToken(policy, chain)
  const { kind, primaryType, encodeType, lacks } = read
  const action: Action = {
    ...none,
    ...{ path: '', kind: 'typedData', chain, to: contract },
    decoded: { signature: undefined, fields, values },
    flows:
      known?.flows(message, find, contract, account?.toLowerCase() as Hex) ??
      'unknown',
    dangers: known?.dangers(message) ?? [],
    deadlines: known?.deadlines(message) ?? [],
    typedData: { kind, primaryType, encodeType, lacks },
  }
  if (chain === undefined) return [action]
  const inner = innerOf(kind, message, contract).flatMap((one, at) =>
    readCall(one, chain, policy, `${at}`),
  )
  return [action, ...inner]
}

/** The calls that a contract makes with the signature. */
function innerOf(
  kind: string | undefined,
  message: Readonly<Record<string, unknown>>,
  contract: Hex | undefined,
): Call[] {
  const of = <value>(name: string) => message[name] as value
  if (kind === 'SafeTx' && contract !== undefined)
    return [
      {
        ...{ from: contract, to: of('to'), value: of('value') },
        ...{ data: of('data') },
        operation: of<bigint>('operation') === 0n ? 0 : 1,
      },
    ]
  if (kind === 'PackedUserOperation' && contract !== undefined)
    return [
      ...(readInitCode(of('initCode'), of('sender'), contract) ?? []),
      {
        ...{ from: contract, to: of('sender'), value: 0n },
        ...{ data: of('callData'), operation: 0 },
      },
    ]
  return []
}
