import { assertNonceUnused, readState, SafeTransaction } from '@keyward/safe'
import { note, reading } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { assertFree, openSafe, type SafeOptions } from './openSafe.js'
import { writeProposal } from './writeProposal.js'

export type RejectOptions = SafeOptions & {
  nonce: bigint
  out: string
  force: boolean
}

/** Proposes a call of the Safe to itself that does nothing but use the nonce. */
export async function rejectNonce(
  terminal: Terminal,
  options: RejectOptions,
): Promise<Result> {
  const { nonce, out, force } = options
  await reading(() => assertFree(out, '--out', force))
  const opened = await openSafe(terminal, options)
  const { domain } = opened.file
  assertNonceUnused({ nonce }, await readState(opened.rpc, domain))
  const transaction = SafeTransaction.create({ to: domain.safe, nonce })
  const rules = {}
  const result = await writeProposal(terminal, opened, transaction, {
    ...{ rules, out, force },
  })
  const { red } = styleFor(terminal.stderr, terminal.env)
  note(
    terminal,
    red(
      `What is signed at nonce ${nonce} stays valid until the Safe's nonce moves:\napprove and execute this rejection before somebody executes the other.`,
    ),
  )
  return result
}
