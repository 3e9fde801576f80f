import { note, usageError } from '@keyward/toolkit'
import type { About } from '@keyward/toolkit/safe'
import { define } from '../../program/define.js'
import { text } from '../../program/Input.js'
import { key, urls, yes } from '../../program/inputs.js'
import { keyOf, parseFileToBe } from '../../program/parsers.js'
import {
  assertNone,
  bundle,
  need,
  openInputs,
  owner,
  proposal,
  safeFile,
  stackInputs,
} from './safeInputs.js'

export const approveCommand = define('approve', {
  description: 'review a proposal and sign it as an owner',
  takes: {
    proposal,
    safeFile,
    urls,
    in: bundle,
    key,
    ...stackInputs,
    owner,
    ...openInputs,
    out: text(
      '--out <file>',
      'where to write the signed proposal (default: --in)',
      parseFileToBe,
    ),
    yes,
  },
  help: `Computes the hash from the fields, compares the Safe with its pins, and decodes
and simulates all calls. Compare the three hashes with those on a second screen
before you confirm. In scripts, pass --yes; that does not open any dangers,
which you must still open by name.
Calls kms:GetPublicKey, kms:Sign.

With --stack, the owner's co-signer function reviews and signs the proposal,
with its own node and settings; you can't open dangers here. Specify one of the
stack's proposals by its hash. With --in, an owner without a coordinator signs a
bundle from another stack.
Calls lambda:InvokeFunction on <stack>-cosigner-<n>, or your alias of it.`,
  examples: [
    'keyward safe approve --safe-file treasury.safe.json --in payment.json --key alias/owner-1',
    'keyward safe approve --safe-file treasury.safe.json --in swap.json --key alias/owner-1 --open-call 0x7a25…488D',
    'keyward safe approve 0x4124…a655 --stack treasury --owner 1 --caller anna',
    'keyward safe approve --in payment.json --stack treasury-bert --caller bert --out signed.json',
  ],
  async run(terminal, options) {
    const { stack, proposal, owner, safeFile, key, out } = options
    const safe = await import('@keyward/toolkit/safe')
    const { style } = terminal.stderr
    if (stack === undefined) {
      assertNone(options, ['proposal', 'owner', 'caller'], 'without --stack')
      const about = {
        ...options,
        safeFile: need(safeFile, '--safe-file'),
        in: need(options.in, '--in'),
        keyId: keyOf(terminal, key),
      }
      const { approvedResult } = await import('./approvedResult.js')
      return approvedResult(
        await safe.approve(terminal, about, (seen) =>
          note(terminal, safe.reviewText(seen, style)),
        ),
      )
    }
    assertNone(options, ['safeFile', 'key', 'open', 'openCall'], 'with --stack')
    const { signedResult } = await import('./stackResults.js')
    const sign = (owner: number, about: About) =>
      safe.approveInStack(
        terminal,
        { ...options, stack, owner },
        about,
        (seen) =>
          note(terminal, safe.shownText(safe.Shown.fromAnswer(seen), style)),
      )
    if (proposal !== undefined) {
      assertNone(options, ['in', 'out'], 'with a hash')
      return signedResult(
        await sign(need(owner, '--owner'), { safeTx: proposal }),
      )
    }
    const file = need(
      options.in,
      'the hash of the proposal, or --in with a file',
    )
    if (file === '-' && out === undefined) usageError('--in - needs --out.')
    const written = out ?? file
    return signedResult(await sign(owner ?? 1, { file, out: written }), written)
  },
})
