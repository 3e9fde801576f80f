import type { Danger } from '@keyward/safe'
import {
  Proposal,
  review,
  reviewData,
  type SafeTransaction,
} from '@keyward/safe'
import { note, shellWord, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { dangersText, reviewText } from '../../output/safe/reviewText.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { type OpenedSafe, writeJson } from './openSafe.js'

/** Shows a transaction as co-signers will see it, and writes its bundle. */
export async function writeProposal(
  terminal: Terminal,
  { file, rpc }: OpenedSafe,
  transaction: SafeTransaction.SafeTransaction,
  { rules, out, force }: { rules: Danger.Rules; out: string; force: boolean },
): Promise<Result> {
  const { domain, pins } = file
  const seen = await review(domain, transaction, { rpc, pins, rules })
  const style = styleFor(terminal.stderr, terminal.env)
  note(terminal, reviewText(seen, style))
  if (seen.findings.length > 0) note(terminal, style.red(dangersText(seen)))
  const bundle = Proposal.toBundle(Proposal.create(domain, transaction))
  await writeJson(out, bundle, force)
  const dangers = [...new Set(seen.findings.map(({ danger }) => danger))]
  return {
    data: { ...reviewData(seen), file: out },
    text: toColumns([
      ['proposal', out],
      ['nonce', String(transaction.nonce)],
      dangers.length === 0
        ? ['next', `keyward safe approve --in ${shellWord(out)} …`]
        : ['dangers', `co-signers will refuse it: ${dangers.join(', ')}`],
    ]),
  }
}
