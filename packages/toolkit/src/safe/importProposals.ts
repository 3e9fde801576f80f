import { resolve } from 'node:path'
import { Proposal } from '@keyward/safe'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import {
  assertFree,
  readProposal,
  readSafeFile,
  writeJson,
} from './safeFiles.js'

export type ImportOptions = {
  files: readonly string[]
  safeFile: string
  out: string
  force: boolean
}

/** Merges the copies of one proposal, with all their signatures. */
export async function importProposals(
  io: Io,
  options: ImportOptions,
): Promise<{ merged: Proposal.Proposal; threshold: number }> {
  const { out, files } = options
  // Overwriting one of the copies loses nothing, because all of them are
  // merged.
  const isCopy = files.some((each) => resolve(each) === resolve(out))
  const force = options.force || isCopy
  const file = await reading(() => {
    assertFree(out, '--out', force)
    return readSafeFile(io, options.safeFile)
  })
  const proposals: Proposal.Proposal[] = []
  for (const path of files) proposals.push(await readProposal(io, path, file))
  const merged = await reading(() => proposals.reduce(Proposal.merge))
  await writeJson(out, Proposal.toBundle(merged), force)
  return { merged, threshold: file.pins.threshold }
}
