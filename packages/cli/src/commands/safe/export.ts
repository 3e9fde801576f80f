import { toColumns } from '@keyward/toolkit'
import type { Result } from '../../output/Result.js'
import { define } from '../../program/define.js'
import { text, toggle } from '../../program/Input.js'
import { parseFileToBe } from '../../program/parsers.js'
import {
  assertNone,
  bundle,
  force,
  need,
  needHash,
  proposal,
  safeFile,
  stackInputs,
} from './safeInputs.js'

export const exportCommand = define('export', {
  description: "print a proposal for Safe's own tools",
  takes: {
    proposal,
    safeFile,
    in: bundle,
    ...stackInputs,
    calldata: toggle(
      '--calldata',
      'print the packed signatures and the calldata of execTransaction',
    ),
    out: text('--out <file>', 'output file (default: stdout)', parseFileToBe),
    force,
  },
  help: `Checks the hash and each signature first. Anyone who has the output
of --calldata can execute the transaction.

With --stack, the coordinator returns the bundle without signatures. Calls
lambda:InvokeFunction on <stack>-coordinator, or your alias of it.`,
  examples: [
    'keyward safe export --safe-file treasury.safe.json --in payment.json',
    'keyward safe export --safe-file treasury.safe.json --in payment.json --calldata',
    'keyward safe export 0x4124…a655 --stack treasury --caller dora --out payment.json',
  ],
  async run(terminal, options) {
    const { stack, proposal, safeFile, out } = options
    const safe = await import('@keyward/toolkit/safe')
    if (stack === undefined) {
      assertNone(options, ['proposal', 'caller'], 'without --stack')
      const about = {
        ...options,
        safeFile: need(safeFile, '--safe-file'),
        in: need(options.in, '--in'),
      }
      return exportedResult(await safe.exportProposal(terminal, about), out)
    }
    assertNone(options, ['safeFile', 'in', 'calldata'], 'with --stack')
    const hash = needHash(proposal)
    const about = { ...options, stack }
    return exportedResult(
      await safe.exportFromStack(terminal, about, hash),
      out,
    )
  },
})

/** The exported bundle, or the file that it was written to. */
function exportedResult(data: unknown, out: string | undefined): Result {
  if (out === undefined)
    return { data, text: JSON.stringify(data, null, 2), isVerbatim: true }
  return { data: { file: out }, text: toColumns([['written to', out]]) }
}
