import type {
  GetAnswer,
  ListAnswer,
  ListItem,
  SendAnswer,
} from '../operations/Answer.js'
import type { Notice, Report } from '../reconcile/Report.js'

/** The answer of `send`, `speed_up` and `cancel` on the wire. */
export type SendWire = ReturnType<typeof toSendWire>
export type GetWire = ReturnType<typeof toGetWire>
export type ListWire = ReturnType<typeof toListWire>
export type ReportWire = ReturnType<typeof toReportWire>

export function toSendWire(answer: SendAnswer) {
  return {
    ...toCommon(answer),
    ...toFees(answer),
    ...(answer.reason === undefined ? {} : { reason: answer.reason }),
    ...(answer.cancelHash === undefined
      ? {}
      : { cancel_tx_hash: answer.cancelHash }),
  }
}

export function toGetWire(answer: GetAnswer) {
  return {
    ...toItemWire(answer),
    ...toFees(answer),
    attempts: answer.attempts.map((attempt) => ({
      hash: attempt.hash,
      purpose: attempt.purpose,
      gas: String(attempt.gas),
      max_fee_per_gas: String(attempt.maxFeePerGas),
      max_priority_fee_per_gas: String(attempt.maxPriorityFeePerGas),
      signed_at: toTime(attempt.signedAt),
    })),
  }
}

/** The webhook's message about an end. */
export function toEndWire(answer: GetAnswer) {
  const { transactionId, status, updatedAt } = answer
  return {
    id: `${transactionId}-${status}`,
    type: `transaction.${status}`,
    created_at: toTime(updatedAt),
    transaction: toGetWire(answer),
  }
}

export function toListWire({ transactions, next }: ListAnswer) {
  return { transactions: transactions.map(toItemWire), next: next ?? null }
}

export function toReportWire(report: Report) {
  return { ...report, notices: report.notices.map(toNoticeWire) }
}

function toNoticeWire({ transactionId, ...rest }: Notice) {
  return {
    ...rest,
    ...(transactionId === undefined ? {} : { transaction_id: transactionId }),
  }
}

function toItemWire(item: ListItem) {
  return {
    ...toCommon(item),
    idempotency_key: item.idempotencyKey,
    final: item.final,
    checked: item.checked,
    block_number:
      item.blockNumber === undefined ? null : Number(item.blockNumber),
    receipt_status: item.receiptStatus ?? null,
    reason: item.reason ?? null,
    dst_address: item.to ?? null,
    value_wei: String(item.value),
    cancel_requested: item.cancelRequested,
    created_at: toTime(item.createdAt),
    updated_at: toTime(item.updatedAt),
  }
}

function toCommon(answer: Omit<SendAnswer, 'cancelHash'>) {
  return {
    transaction_id: answer.transactionId,
    /** Null until it is signed. */
    signed_tx_hash: answer.hash ?? null,
    /** Null until a nonce is assigned. */
    nonce: answer.nonce ?? null,
    status: answer.status,
    ...(answer.problem === undefined ? {} : { problem: answer.problem }),
  }
}

/** The charges in addition to gas, if any. */
function toFees({ rollupFee }: Pick<SendAnswer, 'rollupFee'>) {
  if (rollupFee === undefined) return {}
  const { data, operator } = rollupFee
  return { data_fee_wei: String(data), operator_fee_wei: String(operator) }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
