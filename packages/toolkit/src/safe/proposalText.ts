import { toColumns } from '../text/toColumns.js'
import { wrapText } from '../text/wrapText.js'
import type { Answer } from './withMultisig.js'

/** A proposal as the coordinator returns it. */
type Proposal = {
  safe_tx_hash: string
  nonce: string
  status: string
  why: string
  proposer: string
  threshold: number
  signed: readonly string[]
  missing: readonly string[]
  alternatives: readonly string[]
  execution: { tx_hash: string } | null
}

/** Final states. */
const ends = ['mined', 'failed', 'replaced', 'gone', 'rejected', 'expired']

/** A proposal's progress, as a stack's coordinator reports it. */
export function proposalText(answer: Answer): string {
  const one = answer as unknown as Proposal
  const isOpen = !ends.includes(one.status)
  return [
    toColumns([
      ['SafeTx', one.safe_tx_hash],
      ['nonce', one.nonce],
      [
        'status',
        `${one.status}, ${one.signed.length} of ${one.threshold} signatures`,
      ],
      ['proposed by', one.proposer],
      ...one.signed.map((owner) => ['signed', owner] as const),
      ...(isOpen ? one.missing : []).map(
        (owner) => ['missing', owner] as const,
      ),
      ...(isOpen ? one.alternatives : []).map(
        (hash) => ['same nonce', hash] as const,
      ),
      ['transaction', one.execution?.tx_hash],
    ]),
    wrapText(one.why, '', 80),
  ].join('\n')
}
