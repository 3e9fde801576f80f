import type { Hex } from '@keyward/core'
import { explain } from '@keyward/guard/calls'
import { type Danger, type Review, SafeTransaction } from '@keyward/safe'
import type { Answer } from './withMultisig.js'

/**
 * The review that is shown before a signature. It comes from this machine or
 * from a co-signer.
 */
export type Shown = Pick<Review, 'domain' | 'hashes' | 'call'> & {
  nonce: bigint
  findings: readonly Danger.Finding[]
  opened: readonly Danger.Finding[]
  /** Undefined if no node could simulate it. */
  simulation: ShownSimulation | undefined
  /** Undefined if only the transaction is known. */
  state?: Review['state']
}

/** The fields of a transaction that its call does not show. */
export type Refund = Pick<
  SafeTransaction.SafeTransaction,
  'safeTxGas' | 'baseGas' | 'gasPrice' | 'gasToken' | 'refundReceiver'
>

/** Reads these fields from a co-signer's answer. A missing field is 0. */
export function readRefund(answer: Answer): Refund {
  const refund = (answer.refund ?? {}) as Record<string, unknown>
  const amount = (name: string) => BigInt(String(refund[name] ?? 0))
  const address = (name: string) =>
    String(refund[name] ?? SafeTransaction.zeroAddress).toLowerCase() as Hex
  return {
    safeTxGas: amount('safe_tx_gas'),
    baseGas: amount('base_gas'),
    gasPrice: amount('gas_price'),
    gasToken: address('gas_token'),
    refundReceiver: address('refund_receiver'),
  }
}

type ShownSimulation = {
  by: string
  failure: string | undefined
  change: bigint
  tokens: readonly { token: Hex; change: bigint }[]
}

/** Converts a review made on this machine. */
export function fromReview(seen: Review): Shown {
  const { simulation, state } = seen
  return {
    ...seen,
    nonce: seen.transaction.nonce,
    simulation: simulation && {
      by: simulation.by,
      failure: simulation.failure,
      change: simulation.balance - state.balance,
      tokens: [...simulation.tokens].map(([token, { before, after }]) => ({
        ...{ token, change: after - before },
      })),
    },
  }
}

/**
 * Converts a co-signer's answer. The call is decoded again from the
 * transaction's fields.
 */
export function fromAnswer(answer: Answer): Shown {
  const lower = (value: unknown) => String(value).toLowerCase() as Hex
  const safe = lower(answer.safe)
  const { to, value_wei, data, operation } = answer.call as {
    to: string
    value_wei: string
    data: Hex
    operation: 0 | 1
  }
  const simulation = answer.simulation as {
    by: string
    failure: string | null
    balance_change_wei: string
    tokens: readonly { token: string; change: string }[]
  } | null
  return {
    domain: { chainId: Number(answer.chain_id), safe },
    nonce: BigInt(String(answer.nonce)),
    hashes: {
      domain: lower(answer.domain_hash),
      message: lower(answer.message_hash),
      safeTx: lower(answer.safe_tx_hash),
    },
    call: explain({
      ...{ from: safe, to: lower(to), value: BigInt(value_wei) },
      ...{ data, operation },
    }),
    findings: answer.findings as Danger.Finding[],
    opened: answer.opened as Danger.Finding[],
    simulation:
      simulation === null
        ? undefined
        : {
            by: simulation.by,
            failure: simulation.failure ?? undefined,
            change: BigInt(simulation.balance_change_wei),
            tokens: simulation.tokens.map(({ token, change }) => ({
              token: lower(token),
              change: BigInt(change),
            })),
          },
  }
}
