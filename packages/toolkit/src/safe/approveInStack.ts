import type { Hex } from '@keyward/core'
import { DangerousTransactionError, Proposal } from '@keyward/safe'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { assertShown, otherAnswer } from './assertShown.js'
import { readBundle, writeJson } from './safeFiles.js'
import {
  type Answer,
  type MultisigOptions,
  withMultisig,
} from './withMultisig.js'

/** The hash of one of the stack's proposals, or a bundle file. */
export type About = { safeTx: Hex } | { file: string; out: string }

/**
 * Shows the co-signer's review to the owner, asks for confirmation, and has the
 * co-signer sign.
 *
 * @throws DangerousTransactionError, and the co-signer's refusals
 */
export async function approveInStack(
  io: Io,
  options: MultisigOptions & { owner: number; yes: boolean },
  about: About,
  show: (seen: Answer) => void,
): Promise<Answer> {
  const fields =
    'safeTx' in about
      ? { safe_tx_hash: about.safeTx }
      : { bundle: await readBundle(io, about.file) }
  const meant =
    'safeTx' in about
      ? about.safeTx
      : (await reading(() => Proposal.fromBundle(fields.bundle))).safeTx
  const { owner, yes } = options
  return withMultisig(io, options, async (access) => {
    const seen = await access.cosign(owner, 'review', fields)
    assertShown(meant, seen)
    show(seen)
    const findings = seen.findings as DangerousTransactionError['findings']
    if (findings.length > 0)
      throw new DangerousTransactionError(seen.safe_tx_hash as Hex, findings)
    await io.confirm({
      target: access.target,
      action: `signs the Safe transaction ${seen.safe_tx_hash} with ${access.labelOf(owner)}`,
      yes,
    })
    const { bundle, ...answer } = await access.cosign(owner, 'approve', fields)
    assertShown(meant, answer)
    if ('safeTx' in about) return answer
    const signed = await Proposal.fromBundle(bundle)
    if (signed.safeTx !== meant)
      throw otherAnswer('transaction', signed.safeTx, meant)
    await writeJson(about.out, bundle, true)
    return { ...answer, file: about.out }
  })
}
