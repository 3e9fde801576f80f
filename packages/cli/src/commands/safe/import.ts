import { toColumns } from '@keyward/toolkit'
import { Argument } from 'commander'
import { define } from '../../program/define.js'
import type { Input } from '../../program/Input.js'
import {
  assertNone,
  force,
  need,
  newBundle,
  safeFile,
  stackInputs,
} from './safeInputs.js'

const files: Input<string[]> = {
  declared: new Argument('<file...>', 'copies of one proposal'),
  read: (typed) => typed as string[],
}

export const importCommand = define('import', {
  description: 'merge the signatures from several copies of a proposal',
  takes: {
    files,
    safeFile,
    out: newBundle,
    force,
    ...stackInputs,
  },
  help: `Reads Keyward's bundles and responses from Safe's transaction service, computes
the hash from the fields, and checks each signature. Refuses copies of different
transactions. --out may be one of the copies.

With --stack, sends the copies to the coordinator, which stores the owners'
signatures. Calls lambda:InvokeFunction on <stack>-coordinator, or your alias of
it.`,
  examples: [
    'keyward safe import --safe-file treasury.safe.json anna.json bert.json --out payment.json',
    'keyward safe import signed.json --stack treasury --caller dora',
  ],
  async run(terminal, options) {
    const { stack, safeFile, out, files } = options
    const safe = await import('@keyward/toolkit/safe')
    if (stack === undefined) {
      assertNone(options, ['caller'], 'without --stack')
      const file = need(out, '--out')
      const { merged, threshold } = await safe.importProposals(terminal, {
        ...options,
        safeFile: need(safeFile, '--safe-file'),
        out: file,
      })
      const { AddressField } = await import('@keyward/core')
      const signed = merged.signatures.map(({ owner }) =>
        AddressField.toChecksum(owner),
      )
      return {
        data: { safeTxHash: merged.safeTx, signed, threshold, file },
        text: toColumns([
          ['SafeTx', merged.safeTx],
          ...signed.map((owner) => ['signed', owner] as const),
          ['signatures', `${signed.length} of ${threshold}`],
          ['proposal', file],
        ]),
      }
    }
    assertNone(options, ['safeFile', 'out', 'force'], 'with --stack')
    const { proposalResult } = await import('./stackResults.js')
    return proposalResult(
      await safe.importToStack(terminal, { ...options, stack }, files),
    )
  },
})
