import type { Hex } from '@keyward/core'
import {
  argument,
  Contracts,
  type Explained,
  isUnlimited,
  permit2,
  walk,
} from '@keyward/guard/calls'
import type { Simulation } from './Simulation.js'

/** The assets that the Safe gives away according to the transaction. */
export type Outflows = {
  readonly wei: bigint
  /** Units of each token that it sends. */
  readonly sent: ReadonlyMap<Hex, bigint>
  /** How many of each NFT it sends or lets others take, by `pieceOf`. */
  readonly pieces: ReadonlyMap<string, bigint>
  readonly approvals: readonly Approval[]
}

/**
 * An approval: the amount that a spender may take in the end, in units of the
 * token.
 */
export type Approval = {
  readonly token: Hex
  readonly spender: Hex
  readonly amount: bigint
  /** The contract that stores the approval: the token itself, or Permit2. */
  readonly keeper: Hex
}

export const pieceOf = (token: Hex, id: bigint) => `${token} ${id}`
/** The name of an approval in a simulation's `allowances`. */
export const nameOf = ({ keeper, token, spender }: Approval) =>
  `${keeper} ${token} ${spender}`

/**
 * Sums up the amounts that the Safe sends or allows others to take in all parts
 * of a transaction. `transferFrom` and `approve` name an amount or an NFT: the
 * two can't be told apart, so they count as both. Transfers of the Safe to
 * itself don't count.
 */
export function findOutflows(call: Explained, safe: Hex): Outflows {
  let wei = 0n
  const sent = new Map<Hex, bigint>()
  const pieces = new Map<string, bigint>()
  const takers = new Map<string, Hex>()
  const approvals = new Map<string, Approval>()
  const send = (token: Hex, amount: bigint) =>
    sent.set(token, (sent.get(token) ?? 0n) + amount)
  const sendPiece = (token: Hex, id: bigint, count: bigint) => {
    const piece = pieceOf(token, id)
    pieces.set(piece, (pieces.get(piece) ?? 0n) + count)
  }
  const approve = (
    given: Approval,
    after: (before: bigint) => bigint = () => given.amount,
  ) => {
    if (given.spender === safe) return
    const before = approvals.get(nameOf(given))?.amount ?? 0n
    const amount = after(before)
    approvals.set(nameOf(given), { ...given, amount })
  }
  for (const one of walk(call)) {
    if (one.from !== safe) continue
    // A delegatecall sends no value.
    if (one.operation === 0 && one.to !== safe) wei += one.value
    const { meaning, to } = one
    if (meaning.kind !== 'function') continue
    const of = <value>(name: string) => argument(one, name) as value
    const amount = of<bigint>('amount')
    const leaves = of('to') !== safe
    const isTaken = of('from') === safe && leaves
    const spender = of<Hex>('spender')
    const approval = { token: to, spender, amount, keeper: to }
    switch (meaning.signature) {
      case Contracts.transferFrom:
        if (!isTaken) break
        send(to, amount)
        sendPiece(to, amount, 1n)
        break
      case Contracts.safeTransferFrom:
      case Contracts.safeTransferFromWithData:
        if (isTaken) sendPiece(to, of('tokenId'), 1n)
        break
      case Contracts.safeTransferFrom1155:
        if (isTaken) sendPiece(to, of('id'), amount)
        break
      case Contracts.safeBatchTransferFrom: {
        const amounts = of<bigint[]>('amounts')
        for (const [at, id] of of<bigint[]>('ids').entries())
          if (isTaken) sendPiece(to, id, amounts[at] ?? 0n)
        break
      }
      case Contracts.transfer:
      case Contracts.transferAndCall:
      case Contracts.withdraw:
        if (leaves) send(to, amount)
        break
      case Contracts.approve:
      case Contracts.approveAndCall:
        approve(approval)
        takers.set(pieceOf(to, amount), spender)
        break
      case Contracts.increaseAllowance:
      case Contracts.increaseApproval:
        approve(approval, (before) => before + of<bigint>('addedValue'))
        break
      case Contracts.decreaseAllowance:
        approve(approval, (before) => {
          const less = of<bigint>('subtractedValue')
          return before > less ? before - less : 0n
        })
        break
      case Contracts.permit2Transfer:
        if (to === permit2 && isTaken) send(of('token'), amount)
        break
      case Contracts.permit2Approve:
        if (to === permit2) approve({ ...approval, token: of('token') })
        break
    }
  }
  for (const [piece, taker] of takers)
    if (taker !== safe && BigInt(taker) !== 0n && !pieces.has(piece))
      pieces.set(piece, 1n)
  return { wei, sent, pieces, approvals: [...approvals.values()] }
}

/**
 * The units of a token that leave the Safe as the transaction states: those
 * that it sends, and those that spenders took from their approvals.
 */
export function statedOf(
  token: Hex,
  { sent, approvals }: Outflows,
  { allowances }: Pick<Simulation, 'allowances'>,
): bigint {
  let [direct, byPermit2, ofPermit2] = [sent.get(token) ?? 0n, 0n, 0n]
  for (const one of approvals) {
    if (one.token !== token) continue
    const left = allowances.get(nameOf(one))
    const taken =
      left === undefined || isUnlimited(one.amount)
        ? one.amount
        : one.amount > left
          ? one.amount - left
          : 0n
    if (one.keeper === permit2) ofPermit2 += taken
    else if (one.spender === permit2) byPermit2 += taken
    else direct += taken
  }
  // An amount taken through Permit2 is counted by Permit2 and by the token.
  return direct + (byPermit2 > ofPermit2 ? byPermit2 : ofPermit2)
}
