import { AddressField, EtherAmount, Network } from '@keyward/core'
import type { ProposalState } from '@keyward/safe'
import { currencyOf } from '../networks/index.js'
import type { Style } from '../Style.js'
import { toColumns } from '../text/toColumns.js'
import type { ShownSafe } from './showSafe.js'

const checksum = AddressField.toChecksum

/**
 * A Safe's current state, and the progress of its proposals.
 *
 * @param files - The files of the proposals.
 */
export function safeText(
  { file, status }: ShownSafe,
  files: readonly string[],
  { red }: Pick<Style, 'red'>,
): string {
  const { state, changes, proposals } = status
  return [
    stateText(file, status),
    ...changes.map((change) => red(`NOT AS PINNED: ${change}`)),
    ...proposals.map(
      (each, index) =>
        `\n${files[index]}\n${proposalText(each, state.threshold)}`,
    ),
  ].join('\n')
}

function stateText(
  { domain }: ShownSafe['file'],
  { state, changes }: ShownSafe['status'],
): string {
  const { safe, chainId } = domain
  const { owners, threshold, nonce, balance } = state
  return toColumns([
    ['safe', checksum(safe)],
    ['network', `${Network.fromChainId(chainId).name} (${chainId})`],
    ['pins', changes.length === 0 ? 'match' : 'DO NOT MATCH'],
    ['approve', `${threshold} of ${owners.length} owners`],
    ...owners.map((owner) => ['owner', checksum(owner)] as const),
    ['next nonce', String(nonce)],
    ['balance', `${EtherAmount.fromWei(balance)} ${currencyOf(chainId)}`],
  ])
}

function proposalText(one: ProposalState, threshold: number): string {
  const { proposal, signed, missing, strangers, alternatives } = one
  const isOpen = ['waiting', 'ready', 'later'].includes(one.end.kind)
  return toColumns([
    ['  SafeTx', proposal.safeTx],
    ['  nonce', String(proposal.transaction.nonce)],
    ['  status', endText(one, threshold)],
    ...signed.map((owner) => ['  signed', checksum(owner)] as const),
    ...(isOpen ? missing : []).map(
      (owner) => ['  missing', checksum(owner)] as const,
    ),
    ...strangers.map(
      (owner) =>
        [
          '  not an owner',
          `${checksum(owner)}, whose signature does not count`,
        ] as const,
    ),
    ...(isOpen ? alternatives : []).map(
      (hash) => ['  same nonce', hash] as const,
    ),
  ])
}

function endText({ end, signed }: ProposalState, threshold: number): string {
  const count = `${signed.length} of ${threshold} signatures`
  switch (end.kind) {
    case 'waiting':
      return `${count}: waiting for more owners`
    case 'ready':
      return `${count}: the proposal can be executed`
    case 'later':
      return `${count}: the proposal can be executed after all proposals with lower nonces`
    case 'replaced':
      return `replaced by ${end.by}`
    case 'gone':
      return 'nonce already used: either the proposal was executed long ago, or another transaction replaced the proposal'
    case 'executed':
      return end.outcome === 'success'
        ? `executed in block ${end.block}`
        : `FAILED in block ${end.block}: the proposal used its nonce, but had no other effect`
  }
}
