import { AddressField } from '@keyward/core'
import {
  type Approval,
  type Described,
  type MessageApproval,
  type MessageReview,
  messageData,
  type Review,
  reviewData,
  toJson,
} from '@keyward/safe'

const toTime = (ms: number) => new Date(ms).toISOString()
const toAddresses = (list: readonly string[]) =>
  list.map((one) => AddressField.toChecksum(one as `0x${string}`))

/** A proposal, as the coordinator returns it. */
export function toProposalWire(described: Described) {
  const { execution, relayed, isByRelayer } = described
  return {
    safe_tx_hash: described.safeTx,
    nonce: String(described.nonce),
    status: described.end,
    why: described.why,
    proposer: described.proposer,
    created_at: toTime(described.createdAt),
    expires_at: toTime(described.expiresAt),
    threshold: described.threshold,
    signed: toAddresses(described.signed),
    missing: toAddresses(described.missing),
    alternatives: described.alternatives,
    execution: execution
      ? {
          outcome: execution.outcome,
          tx_hash: execution.transaction,
          block_number: String(execution.block),
          by: isByRelayer ? 'relayer' : 'somebody else',
        }
      : null,
    relayer: relayed
      ? {
          transaction_id: relayed.transactionId,
          status: relayed.status,
          tx_hash: relayed.hash,
          receipt_status: relayed.receiptStatus,
        }
      : null,
  }
}

/** A co-signer's review, and whether it signed. */
export function toApprovalWire({ owner, review, isNew }: Approval) {
  return {
    ...toReviewWire(review),
    owner: AddressField.toChecksum(owner),
    approved: true,
    signed_now: isNew,
  }
}

/** A co-signer's review of a message. */
export function toMessageWire(review: MessageReview) {
  const data = messageData(review)
  const { safe, kind, domain, message, owners, threshold } = data
  const { findings, opened, validity } = data
  return {
    ...{ safe, chain_id: data.chainId, owners, threshold },
    safe_message_hash: data.safeMessageHash,
    domain_hash: data.domainHash,
    message_hash: data.messageHash,
    preimage_hash: data.preimageHash,
    ...{ kind, primary_type: data.primaryType, domain, message },
    ...{ findings, opened, validity },
  }
}

export function toMessageApprovalWire(approval: MessageApproval) {
  const { owner, review, signature } = approval
  return {
    ...toMessageWire(review),
    owner: AddressField.toChecksum(owner),
    ...{ approved: true, signature },
  }
}

export function toReviewWire(review: Review) {
  const data = reviewData(review)
  const { simulation } = data
  const { safeTxGas, baseGas, gasPrice, gasToken, refundReceiver } =
    review.transaction
  return {
    safe: data.safe,
    chain_id: data.chainId,
    nonce: data.nonce,
    safe_tx_hash: data.safeTxHash,
    domain_hash: data.domainHash,
    message_hash: data.messageHash,
    call: toCallWire(data.call),
    // These are all the fields that the hash covers, together with `call` and
    // `nonce`.
    refund: {
      safe_tx_gas: String(safeTxGas),
      base_gas: String(baseGas),
      gas_price: String(gasPrice),
      gas_token: gasToken,
      refund_receiver: refundReceiver,
    },
    simulation: simulation && {
      by: simulation.by,
      failure: simulation.failure,
      balance_change_wei: simulation.balanceChangeWei,
      tokens: simulation.tokens,
    },
    findings: data.findings,
    opened: data.opened,
  }
}

type Call = ReturnType<typeof reviewData>['call']
type CallWire = {
  to: string
  value_wei: string
  data: string
  operation: 0 | 1
  function: string | null
  arguments: unknown
  calls: CallWire[]
}

function toCallWire({ valueWei, calls, ...call }: Call): CallWire {
  return {
    ...{ to: call.to, value_wei: valueWei, data: call.data },
    ...{ operation: call.operation, function: call.function },
    arguments: toJson(call.arguments),
    calls: calls.map(toCallWire),
  }
}
