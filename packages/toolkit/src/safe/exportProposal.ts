import { AddressField } from '@keyward/core'
import { assertSigned, encodeExecution, Proposal } from '@keyward/safe'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import {
  assertFree,
  readProposal,
  readSafeFile,
  writeJson,
} from './safeFiles.js'

export type ExportOptions = {
  safeFile: string
  in: string
  calldata: boolean
  out: string | undefined
  force: boolean
}

/**
 * Converts a proposal to a form that other programs can read, and writes it to
 * a file if one is given.
 */
export async function exportProposal(
  io: Io,
  options: ExportOptions,
): Promise<object> {
  const { calldata, out, force } = options
  const file = await reading(() => {
    if (out !== undefined) assertFree(out, '--out', force)
    return readSafeFile(io, options.safeFile)
  })
  const proposal = await readProposal(io, options.in, file)
  const data = calldata
    ? await toExecution(proposal, file.pins)
    : Proposal.toBundle(proposal)
  if (out !== undefined) await writeJson(out, data, force)
  return data
}

async function toExecution(
  proposal: Proposal.Proposal,
  owners: Parameters<typeof assertSigned>[1],
) {
  const signatures = await assertSigned(proposal, owners)
  return {
    to: AddressField.toChecksum(proposal.domain.safe),
    value: '0',
    data: encodeExecution(proposal.transaction, signatures),
    signatures,
  }
}
