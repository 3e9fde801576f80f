import { AddressField } from '@keyward/core'
import { assertSigned, encodeExecution, Proposal } from '@keyward/safe'
import { reading, toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import {
  assertFree,
  readProposal,
  readSafeFile,
  writeJson,
} from './openSafe.js'

export type ExportOptions = {
  safeFile: string
  in: string
  calldata: boolean
  out: string | undefined
  force: boolean
}

/** A proposal as others read it. */
export async function exportProposal(
  terminal: Terminal,
  options: ExportOptions,
): Promise<Result> {
  const { calldata, out, force } = options
  const file = await reading(() => {
    if (out !== undefined) assertFree(out, '--out', force)
    return readSafeFile(terminal, options.safeFile)
  })
  const proposal = await readProposal(terminal, options.in, file)
  const data = calldata
    ? await toExecution(proposal, file.pins)
    : Proposal.toBundle(proposal)
  if (out === undefined) return { data, text: JSON.stringify(data, null, 2) }
  await writeJson(out, data, force)
  return { data: { file: out }, text: toColumns([['written to', out]]) }
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
