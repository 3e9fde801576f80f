import type { Attempt } from './ledger/NonceRecord.js'
import type {
  Reason,
  Status,
  TransactionRecord,
} from './ledger/TransactionRecord.js'

/** What `send`, `speed_up` and `cancel` answer; names as on the wire. */
export type SendAnswer = {
  transaction_id: string
  /** Null while nothing is signed. */
  signed_tx_hash: string | null
  /** Null while it has none. */
  nonce: number | null
  status: Status
  /** What keeps it from going on; the reconciler tries again. */
  problem?: string
  /** Why it ended otherwise than asked for. */
  reason?: Reason | null
  /** Of `cancel`: the transfer of nothing that is to be mined in its place. */
  cancel_tx_hash?: string
}

/** What `get` answers. */
export type GetAnswer = SendAnswer & {
  idempotency_key: string
  /** Whether nothing changes any more. */
  final: boolean
  block_number: number | null
  receipt_status: 'succeeded' | 'reverted' | null
  /** Every signed version, in order; at most one is ever mined. */
  attempts: {
    hash: string
    purpose: Attempt['purpose']
    gas: string
    max_fee_per_gas: string
    max_priority_fee_per_gas: string
    signed_at: string
  }[]
  /** Why it ended otherwise than asked for. */
  reason: Reason | null
  dst_address: string | null
  value_wei: string
  cancel_requested: boolean
  created_at: string
  updated_at: string
}

/** What `list` answers: without attempts. */
export type ListAnswer = {
  transactions: Omit<GetAnswer, 'attempts'>[]
  /** For `after` of the next request; null at the end. */
  next: string | null
}

export function toSendAnswer(record: TransactionRecord): SendAnswer {
  return {
    transaction_id: record.id,
    signed_tx_hash: record.hash ?? null,
    nonce: record.nonce === undefined ? null : Number(record.nonce),
    status: record.status,
    ...(record.problem === undefined ? {} : { problem: record.problem }),
    ...(record.reason === undefined ? {} : { reason: record.reason }),
  }
}

export function toCancelAnswer(
  record: TransactionRecord,
  newest: Attempt | undefined,
): SendAnswer {
  return {
    ...toSendAnswer(record),
    ...(newest?.purpose === 'cancel' && { cancel_tx_hash: newest.hash }),
  }
}

export function toListItem(
  record: TransactionRecord,
): Omit<GetAnswer, 'attempts'> {
  const { request } = record
  return {
    ...toSendAnswer(record),
    idempotency_key: request.idempotencyKey,
    final: record.final,
    block_number:
      record.blockNumber === undefined ? null : Number(record.blockNumber),
    receipt_status: record.receiptStatus ?? null,
    reason: record.reason ?? null,
    dst_address: request.to ?? null,
    value_wei: String(request.value),
    cancel_requested: record.cancelRequested,
    created_at: new Date(record.createdAt).toISOString(),
    updated_at: new Date(record.updatedAt).toISOString(),
  }
}

export function toGetAnswer(
  record: TransactionRecord,
  attempts: readonly Attempt[],
): GetAnswer {
  const newest = attempts.filter(({ purpose }) => purpose === 'request').at(-1)
  // A process that died between storing and telling left an older status.
  const behind =
    newest !== undefined && ['accepted', 'reserved'].includes(record.status)
  const current = behind
    ? { ...record, status: 'signed' as const, hash: newest.hash }
    : record
  return {
    ...toListItem(current),
    attempts: attempts.map((attempt) => ({
      hash: attempt.hash,
      purpose: attempt.purpose,
      gas: String(attempt.gas),
      max_fee_per_gas: String(attempt.maxFeePerGas),
      max_priority_fee_per_gas: String(attempt.maxPriorityFeePerGas),
      signed_at: new Date(attempt.signedAt).toISOString(),
    })),
  }
}
