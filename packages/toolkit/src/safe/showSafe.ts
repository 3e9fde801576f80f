import { AddressField } from '@keyward/core'
import { type ProposalState, readStatus, type SafeStatus } from '@keyward/safe'
import type { Io } from '../Io.js'
import {
  type OpenedSafe,
  openSafe,
  readProposal,
  type SafeOptions,
} from './safeFiles.js'

const checksum = AddressField.toChecksum

export type ShownSafe = {
  file: OpenedSafe['file']
  status: SafeStatus
  /** Converts the result to the `--json` output. */
  data: object
}

/**
 * Shows a Safe's current state and the progress of its proposals, as text and
 * as JSON.
 */
export async function showSafe(
  io: Io,
  options: SafeOptions & { in: readonly string[] },
): Promise<ShownSafe> {
  const { file, rpc } = await openSafe(io, options)
  const proposals = await Promise.all(
    options.in.map((path) => readProposal(io, path, file)),
  )
  const status = await readStatus(rpc, file, proposals)
  const { state, changes } = status
  const data = {
    safe: checksum(file.domain.safe),
    chainId: file.domain.chainId,
    changes,
    owners: state.owners.map(checksum),
    threshold: state.threshold,
    nonce: String(state.nonce),
    balanceWei: String(state.balance),
    proposals: status.proposals.map(toJson),
  }
  return { file, status, data }
}

function toJson({ proposal, end, ...rest }: ProposalState) {
  return {
    safeTxHash: proposal.safeTx,
    nonce: String(proposal.transaction.nonce),
    status: end.kind,
    ...(end.kind === 'replaced' ? { replacedBy: end.by } : {}),
    ...('outcome' in end
      ? {
          outcome: end.outcome,
          transactionHash: end.transaction,
          block: String(end.block),
        }
      : {}),
    signed: rest.signed.map(checksum),
    missing: rest.missing.map(checksum),
    strangers: rest.strangers.map(checksum),
    alternatives: rest.alternatives,
  }
}
