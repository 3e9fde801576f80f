import { AddressField } from '@keyward/core'
import { toColumns } from '@keyward/toolkit'
import {
  type ImportOptions,
  importProposals as join,
} from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** One proposal out of its copies, with the signatures of all of them. */
export async function importProposals(
  terminal: Terminal,
  options: ImportOptions,
): Promise<Result> {
  const { merged, threshold } = await join(terminal, options)
  const signed = merged.signatures.map(({ owner }) =>
    AddressField.toChecksum(owner),
  )
  const { out } = options
  return {
    data: { safeTxHash: merged.safeTx, signed, threshold, file: out },
    text: toColumns([
      ['SafeTx', merged.safeTx],
      ...signed.map((owner) => ['signed', owner] as const),
      ['signatures', `${signed.length} of ${threshold}`],
      ['proposal', out],
    ]),
  }
}
