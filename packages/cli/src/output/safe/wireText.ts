import type { Hex } from '@keyward/core'
import { explain } from '@keyward/guard/calls'
import type { Danger } from '@keyward/safe'
import { type Style, toColumns } from '@keyward/toolkit'
import type { Answer } from '@keyward/toolkit/safe'
import { wrapText } from '../wrapText.js'
import { type Shown, shownText } from './reviewText.js'

// What a multisig's functions answer, for a terminal.

type Finding = Danger.Finding

/** A proposal as the coordinator answers it. */
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

/** Ends after which nothing happens any more. */
const ends = ['mined', 'failed', 'replaced', 'gone', 'rejected', 'expired']

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
        (hash) => ['or else', hash] as const,
      ),
      ['transaction', one.execution?.tx_hash],
    ]),
    wrapText(one.why, '', 80),
  ].join('\n')
}

/** What a co-signer saw; its call is decoded anew, from its fields. */
export function wireText(answer: Answer, style: Style): string {
  return shownText(toShown(answer), style)
}

function toShown(answer: Answer): Shown {
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
    findings: answer.findings as Finding[],
    opened: answer.opened as Finding[],
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
