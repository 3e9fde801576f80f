import { toColumns } from '@keyward/toolkit'
import {
  type Answer,
  type MultisigStatus,
  proposalText,
} from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

// Results of a multisig's functions.

export function proposalResult(
  answer: Answer,
  exitCode: 0 | 1 | 3 = 0,
): Result {
  return { data: answer, text: proposalText(answer), exitCode }
}

export function rejectedResult(answer: Answer): Result {
  const { replacement } = answer as { replacement: Answer | null }
  if (replacement === null) return proposalResult(answer)
  return {
    data: answer,
    text: [
      proposalText(answer),
      `Approve and execute this proposal instead:\n${proposalText(replacement)}`,
    ].join('\n\n'),
  }
}

export function signedResult(answer: Answer, file?: string): Result {
  return {
    data: answer,
    text: toColumns([
      ['SafeTx', String(answer.safe_tx_hash)],
      ['signed by', String(answer.owner)],
      ['signed', answer.signed_now === true ? 'now' : 'earlier'],
      ['proposal', file],
    ]),
  }
}

export function multisigResult(
  terminal: Terminal,
  status: MultisigStatus,
): Result {
  const { proposals, damaged } = status
  const changes = status.changes as string[]
  const owners = status.owners as string[]
  const { red } = terminal.stdout.style
  return {
    data: status,
    text: [
      toColumns([
        ['safe', String(status.safe)],
        ['network', `${status.network} (${status.chain_id})`],
        ['pins', changes.length === 0 ? 'match' : red('DO NOT MATCH')],
        ...changes.map((change) => ['changed', red(change)] as const),
        ['approve', `${status.threshold} of ${owners.length} owners`],
        ...owners.map((one) => ['owner', one] as const),
        ['next nonce', String(status.nonce)],
        ['relayer', String(status.relayer)],
        ['trust', String(status.trust)],
      ]),
      ...proposals.map(proposalText),
      ...damaged.map((hash) =>
        red(
          `${hash}: this proposal is ignored, because its row in the proposal table is damaged`,
        ),
      ),
    ].join('\n\n'),
    exitCode: changes.length === 0 ? 0 : 1,
  }
}
