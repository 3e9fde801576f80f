import { AddressField } from '@keyward/core'
import type { Explained } from '@keyward/guard/calls'
import type { Review } from './review.js'

/** A review, for programs. */
export function reviewData(seen: Review) {
  const { domain, transaction, state, hashes, simulation } = seen
  return {
    safe: AddressField.toChecksum(domain.safe),
    chainId: domain.chainId,
    nonce: String(transaction.nonce),
    safeTxHash: hashes.safeTx,
    domainHash: hashes.domain,
    messageHash: hashes.message,
    threshold: state.threshold,
    call: callData(seen.call),
    simulation:
      simulation === undefined
        ? null
        : {
            by: simulation.by,
            failure: simulation.failure ?? null,
            balanceChangeWei: String(simulation.balance - state.balance),
            tokens: [...simulation.tokens].map(
              ([token, { before, after }]) => ({
                token: AddressField.toChecksum(token),
                change: String(after - before),
              }),
            ),
          },
    findings: seen.findings,
    opened: seen.opened,
  }
}

type CallData = {
  to: string
  valueWei: string
  data: string
  operation: 0 | 1
  function: string | null
  arguments: readonly unknown[]
  calls: CallData[]
}

function callData(call: Explained): CallData {
  const { to, value, data, operation, meaning, inner } = call
  return {
    to: AddressField.toChecksum(to),
    valueWei: String(value),
    data,
    operation,
    function: meaning.kind === 'function' ? meaning.signature.text : null,
    arguments: meaning.kind === 'function' ? meaning.values : [],
    calls: inner.map(callData),
  }
}
