import type { Hex } from '@keyward/core'
import { escapeInvisible } from '@keyward/core/errors'
import { type RollupFee, totalOf } from '../chain/createDataFee.js'
import * as Attempt from '../ledger/Attempt.js'
import type {
  Outline,
  Reason,
  Status,
  TransactionRecord,
} from '../ledger/TransactionRecord.js'

/** The result of `send`, `speedUp` and `cancel`. */
export type SendAnswer = {
  transactionId: string
  /** Undefined until it is signed. */
  hash: Hex | undefined
  /** Undefined until a nonce is assigned. */
  nonce: number | undefined
  status: Status
  /** The problem that stops it; the reconciler tries again. */
  problem: string | undefined
  /** The reason why it did not end as requested. */
  reason: Reason | undefined
  /**
   * The most that a rollup currently charges in addition to gas, in wei. Absent
   * if it charges nothing, and once the transaction is in a block.
   */
  rollupFee?: RollupFee | undefined
  /**
   * For `cancel`, and a repeated `send` after it: the zero-value transfer that
   * replaces it.
   */
  cancelHash: Hex | undefined
}

/** A transaction as `list` returns it. */
export type ListItem = Omit<SendAnswer, 'cancelHash' | 'rollupFee'> & {
  idempotencyKey: string
  /** Whether the state is final. */
  final: boolean
  blockNumber: bigint | undefined
  receiptStatus: 'succeeded' | 'reverted' | undefined
  to: Hex | undefined
  /** Wei. */
  value: bigint
  cancelRequested: boolean
  /** Milliseconds since 1970. */
  createdAt: number
  updatedAt: number
  /**
   * Whether everything that can be checked on the chain was checked. `get`
   * checks; `list` only returns the ledger's data.
   */
  checked: boolean
}

/** The result of `get`. */
export type GetAnswer = ListItem &
  Pick<SendAnswer, 'rollupFee'> & {
    /** Every signed version, in order; at most one is ever mined. */
    attempts: SignedVersion[]
  }

export type SignedVersion = {
  hash: Hex
  purpose: Attempt.Purpose
  gas: bigint
  /** Wei per gas; the gas price on chains without a base fee. */
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  signedAt: number
}

export type ListAnswer = {
  transactions: ListItem[]
  /** The value for `after` in the next request; undefined at the end. */
  next: string | undefined
}

export function toSendAnswer(
  record: Outline,
  newest?: Attempt.Attempt | undefined,
  rollupFee?: RollupFee | undefined,
): SendAnswer {
  return {
    ...toFeePart(rollupFee),
    transactionId: record.id,
    hash: record.hash,
    nonce: record.nonce === undefined ? undefined : Number(record.nonce),
    status: record.status,
    // Anyone who can write the row could put any text there.
    problem: record.problem && escapeInvisible(record.problem),
    reason: record.reason && {
      code: escapeInvisible(record.reason.code),
      text: escapeInvisible(record.reason.text),
    },
    cancelHash: newest?.purpose === 'cancel' ? newest.hash : undefined,
  }
}

export function toListItem(record: Outline): ListItem {
  const { request } = record
  const { cancelHash: _, rollupFee: __, ...rest } = toSendAnswer(record)
  return {
    ...rest,
    idempotencyKey: request.idempotencyKey,
    final: record.final,
    blockNumber: record.blockNumber,
    receiptStatus: record.receiptStatus,
    to: request.to,
    value: request.value,
    cancelRequested: record.cancelRequested,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    checked: isUnsigned(record),
  }
}

/** @param problem - Why the chain doesn't show the block that the row names. */
export function toGetAnswer(
  record: TransactionRecord,
  signed: readonly Attempt.Attempt[],
  problem?: string | undefined,
  rollupFee?: RollupFee | undefined,
): GetAnswer {
  const { request, account } = record
  const attempts = Attempt.ofRequest(signed, request, account)
  return {
    ...toListItem(toCurrent(record, attempts, problem)),
    ...toFeePart(rollupFee),
    checked: problem === undefined,
    attempts: attempts.map((attempt) => ({
      hash: attempt.hash,
      purpose: attempt.purpose,
      gas: attempt.gas,
      maxFeePerGas: attempt.maxFeePerGas,
      maxPriorityFeePerGas: attempt.maxPriorityFeePerGas,
      signedAt: attempt.signedAt,
    })),
  }
}

function toFeePart(
  rollupFee: RollupFee | undefined,
): Pick<SendAnswer, 'rollupFee'> {
  const isPaid = rollupFee !== undefined && totalOf(rollupFee) > 0n
  return isPaid ? { rollupFee } : {}
}

function toCurrent(
  record: Outline,
  attempts: readonly Attempt.Attempt[],
  problem: string | undefined,
): Outline {
  const newest = attempts.filter(({ purpose }) => purpose === 'request').at(-1)
  if (problem !== undefined)
    return {
      ...record,
      problem,
      status: newest !== undefined ? 'sent' : 'accepted',
      final: false,
      hash: newest?.hash,
      blockNumber: undefined,
      blockHash: undefined,
      receiptStatus: undefined,
      reason: undefined,
    }
  // If no signed version has the hash, only the row claims that the transaction
  // is ours.
  const isSigned = attempts.some(({ hash }) => hash === record.hash)
  const hash = isSigned || record.adopted ? record.hash : newest?.hash
  // A process that died between storing the attempt and updating the status
  // left an older status.
  const isBehind =
    newest !== undefined && ['accepted', 'reserved'].includes(record.status)
  return isBehind
    ? { ...record, status: 'signed', hash: newest.hash }
    : { ...record, hash }
}

/** Whether nothing is signed that the chain could show. */
function isUnsigned({ status, final, hash, blockHash }: Outline): boolean {
  return (
    ['accepted', 'reserved'].includes(status) &&
    !final &&
    hash === undefined &&
    blockHash === undefined
  )
}
