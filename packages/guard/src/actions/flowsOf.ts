import type { Hex } from '@keyward/core'
import * as Contracts from '../abi/contractFunctions.js'
import type { Signature } from '../abi/Signature.js'
import * as Safe from '../abi/safeFunctions.js'
import type { Value } from '../abi/Type.js'
import { argument, type Explained } from '../calls/Call.js'
import { permit2 } from '../calls/permit2.js'
import type { Token } from '../policy/Policy.js'
import type { Flow } from './Action.js'

/** Finds a token that the policy names. */
export type FindToken = (address: Hex) => Token | undefined
/** Returns only the fields of a token that identify its sums. */
export type FindAsset = (address: Hex) => Pick<Token, 'id'> | undefined

const everything = 2n ** 256n - 1n
const zero = `0x${'00'.repeat(20)}` as const

/** Names of the amount and recipient arguments; `nothing` if nothing moves. */
type Read = readonly [amount: string, recipient: string] | 'nothing'

const erc20 = new Map<Signature, Read>([
  [Contracts.transfer, ['amount', 'to']],
  [Contracts.transferFrom, ['amount', 'to']],
  [Contracts.approve, ['amount', 'spender']],
  [Contracts.increaseAllowance, ['addedValue', 'spender']],
  [Contracts.increaseApproval, ['addedValue', 'spender']],
  [Contracts.decreaseAllowance, 'nothing'],
  [Contracts.permit, ['value', 'spender']],
  [Contracts.permitWithBytes, ['value', 'spender']],
  [Contracts.transferAndCall, ['amount', 'to']],
  [Contracts.transferAndCallPlain, ['amount', 'to']],
  [Contracts.transferFromAndCall, ['amount', 'to']],
  [Contracts.transferFromAndCallPlain, ['amount', 'to']],
  [Contracts.approveAndCall, ['amount', 'spender']],
  [Contracts.approveAndCallPlain, ['amount', 'spender']],
  [Contracts.send, ['amount', 'recipient']],
  [Contracts.operatorSend, ['amount', 'recipient']],
  [Contracts.transferWithAuthorization, ['value', 'to']],
  [Contracts.receiveWithAuthorization, ['value', 'to']],
  [Contracts.deposit, 'nothing'],
  [Contracts.withdraw, 'nothing'],
])
const burns: readonly Signature[] = [
  Contracts.burn,
  Contracts.burnWithData,
  Contracts.burnFrom,
]

/**
 * Functions that only run other calls or change permissions. Dangers cover
 * them.
 */
const withoutOutflow = new Set<Signature>([
  ...Object.values(Safe),
  ...Contracts.ownership,
  ...Contracts.upgrades,
  Contracts.multicall,
  Contracts.multicallWithDeadline,
  Contracts.multicallAfterBlock,
  Contracts.aggregate,
  Contracts.aggregate3,
  Contracts.aggregate3Value,
  Contracts.tryAggregate,
  Contracts.tryBlockAndAggregate,
  Contracts.execute,
  Contracts.executeBatch,
  Contracts.executeBatchOfCalls,
  Contracts.executeByMode,
  Contracts.executeFromExecutor,
  Contracts.installModule,
  Contracts.uninstallModule,
  Contracts.handleOps,
])

/**
 * The assets that one call gives away besides its value, without the calls
 * inside it.
 *
 * @returns `unknown` for contracts that the policy doesn't name, and for
 * functions whose outflow is unknown, so that only a rule can declare it
 */
export function flowsOf(
  call: Explained,
  find: FindToken,
): readonly Flow[] | 'unknown' {
  const { meaning, to } = call
  if (meaning.kind === 'payment') return []
  if (meaning.kind === 'unknown') return 'unknown'
  const { signature } = meaning
  if (signature === Safe.execTransaction && argument(call, 'gasPrice') !== 0n)
    return 'unknown'
  if (withoutOutflow.has(signature)) return []
  if (to === permit2) return ofPermit2(call, find)
  const token = find(to)
  return token === undefined ? 'unknown' : ofToken(call, token)
}

function ofToken(call: Explained, { id, kind }: Token) {
  const { signature } = call.meaning as { signature: Signature }
  const of = <value>(name: string) => argument(call, name) as value
  const flow = (amount: bigint, recipient: Hex): Flow[] => [
    { asset: id, amount, recipient },
  ]
  const toAll = (flag: string, who: string) =>
    of<boolean>(flag) ? flow(everything, of(who)) : []
  if (kind === 'erc20') {
    if (signature === Contracts.daiPermit) return toAll('allowed', 'spender')
    if (signature === Contracts.authorizeOperator)
      return flow(everything, of('operator'))
    if (burns.includes(signature)) return flow(of('amount'), zero)
    const read = erc20.get(signature)
    if (read === undefined) return 'unknown'
    return read === 'nothing' ? [] : flow(of(read[0]), of(read[1]))
  }
  if (signature === Contracts.setApprovalForAll)
    return toAll('approved', 'operator')
  return kind === 'erc721'
    ? ofPiece(signature, (to) => flow(1n, of(to)))
    : ofPieces(call, signature, flow)
}

const pieces: ReadonlyMap<Signature, string> = new Map([
  [Contracts.transferFrom, 'to'],
  [Contracts.safeTransferFrom, 'to'],
  [Contracts.safeTransferFromWithData, 'to'],
  [Contracts.approve, 'spender'],
])

function ofPiece(signature: Signature, flow: (to: string) => Flow[]) {
  const to = pieces.get(signature)
  return to === undefined ? 'unknown' : flow(to)
}

function ofPieces(
  call: Explained,
  signature: Signature,
  flow: (amount: bigint, recipient: Hex) => Flow[],
) {
  const of = <value>(name: string) => argument(call, name) as value
  if (signature === Contracts.safeTransferFrom1155)
    return flow(of('amount'), of('to'))
  if (signature !== Contracts.safeBatchTransferFrom) return 'unknown'
  const amounts = of<bigint[]>('amounts')
  return flow(
    amounts.reduce((sum, one) => sum + one, 0n),
    of('to'),
  )
}

const atPermit2 = new Set<Signature>([
  Contracts.permit2Approve,
  Contracts.permit2Transfer,
  Contracts.permit2TransferBatch,
  Contracts.permit2Permit,
  Contracts.permit2PermitBatch,
  Contracts.permit2PermitTransferFrom,
  Contracts.permit2PermitTransferFromBatch,
])

/**
 * The built-in outflow of a function, whatever its arguments are.
 *
 * @param at - Permit2, a named token of this kind, or another contract.
 */
export function builtInFlow(
  signature: Signature,
  at: 'permit2' | Token['kind'] | undefined,
): 'some' | 'nothing' | 'unknown' {
  if (withoutOutflow.has(signature)) return 'nothing'
  switch (at) {
    case 'permit2':
      if (signature === Contracts.permit2Lockdown) return 'nothing'
      return atPermit2.has(signature) ? 'some' : 'unknown'
    case 'erc20': {
      const read = erc20.get(signature)
      if (read !== undefined) return read === 'nothing' ? read : 'some'
      return signature === Contracts.daiPermit ||
        signature === Contracts.authorizeOperator ||
        burns.includes(signature)
        ? 'some'
        : 'unknown'
    }
    case 'erc721':
    case 'erc1155':
      return signature === Contracts.setApprovalForAll ||
        (at === 'erc721'
          ? pieces.has(signature)
          : signature === Contracts.safeTransferFrom1155 ||
            signature === Contracts.safeBatchTransferFrom)
        ? 'some'
        : 'unknown'
    default:
      return 'unknown'
  }
}

/** The flows of a Permit2 call, which names the tokens in its arguments. */
function ofPermit2(call: Explained, find: FindToken) {
  const { signature, values } = call.meaning as {
    signature: Signature
    values: readonly Value[]
  }
  const of = <value>(name: string) => argument(call, name) as value
  switch (signature) {
    case Contracts.permit2Approve:
      return toFlows(find, [[of('token'), of('amount'), of('spender')]])
    case Contracts.permit2Transfer:
      return toFlows(find, [[of('token'), of('amount'), of('to')]])
    case Contracts.permit2TransferBatch:
      return toFlows(
        find,
        (values[0] as [Hex, Hex, bigint, Hex][]).map(
          ([, to, amount, token]) => [token, amount, to],
        ),
      )
    case Contracts.permit2Permit: {
      const [[token, amount], spender] = values[1] as [[Hex, bigint], Hex]
      return toFlows(find, [[token, amount, spender]])
    }
    case Contracts.permit2PermitBatch: {
      const [details, spender] = values[1] as [[Hex, bigint][], Hex]
      return toFlows(
        find,
        details.map(([token, amount]) => [token, amount, spender]),
      )
    }
    case Contracts.permit2PermitTransferFrom: {
      const [[token]] = values[0] as [[Hex, bigint]]
      const [to, amount] = values[1] as [Hex, bigint]
      return toFlows(find, [[token, amount, to]])
    }
    case Contracts.permit2PermitTransferFromBatch: {
      const [permitted] = values[0] as [[Hex, bigint][]]
      const details = values[1] as [Hex, bigint][]
      if (details.length !== permitted.length) return 'unknown'
      return toFlows(
        find,
        details.map(([to, amount], at) => [
          permitted[at]?.[0] ?? zero,
          amount,
          to,
        ]),
      )
    }
    case Contracts.permit2Lockdown:
      return []
    default:
      return 'unknown'
  }
}

/** Unknown if the policy doesn't name one of the tokens. */
export function toFlows(
  find: FindAsset,
  given: readonly (readonly [token: Hex, amount: bigint, recipient: Hex])[],
): readonly Flow[] | 'unknown' {
  const flows = given.map(([address, amount, recipient]) => {
    const token = find(address)
    return token && { asset: token.id, amount, recipient }
  })
  return flows.includes(undefined) ? 'unknown' : (flows as Flow[])
}
