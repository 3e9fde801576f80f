import { resolve } from 'node:path'
import { AddressField } from '@keyward/core'
import { Proposal } from '@keyward/safe'
import { reading, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import {
  assertFree,
  readProposal,
  readSafeFile,
  writeJson,
} from './openSafe.js'

export type ImportOptions = {
  files: readonly string[]
  safeFile: string
  out: string
  force: boolean
}

/** One proposal out of its copies, with the signatures of all of them. */
export async function importProposals(
  terminal: Terminal,
  options: ImportOptions,
): Promise<Result> {
  const { out, files } = options
  // Nothing of a copy is lost.
  const isCopy = files.some((each) => resolve(each) === resolve(out))
  const force = options.force || isCopy
  const file = await reading(() => {
    assertFree(out, '--out', force)
    return readSafeFile(terminal, options.safeFile)
  })
  const proposals: Proposal.Proposal[] = []
  for (const path of files)
    proposals.push(await readProposal(terminal, path, file))
  const merged = await reading(() => proposals.reduce(Proposal.merge))
  await writeJson(out, Proposal.toBundle(merged), force)
  const signed = merged.signatures.map(({ owner }) =>
    AddressField.toChecksum(owner),
  )
  const { threshold } = file.pins
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
