import { toColumns } from '@keyward/toolkit'
import {
  type ExportOptions,
  exportProposal as prepare,
} from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

/** A proposal as others read it. */
export async function exportProposal(
  terminal: Terminal,
  options: ExportOptions,
): Promise<Result> {
  const data = await prepare(terminal, options)
  const { out } = options
  if (out === undefined) return { data, text: JSON.stringify(data, null, 2) }
  return { data: { file: out }, text: toColumns([['written to', out]]) }
}
