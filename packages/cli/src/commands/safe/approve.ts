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
  description: 'look at a proposal and sign it as an owner',
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
  help: `The hash is computed from the fields, the Safe compared with what was pinned,
the call decoded to its leaves and simulated. Compare the three hashes with
those on a second screen before you say yes. --yes says it in scripts; dangers
are refused all the same, unless each is opened by its name.
Calls kms:GetPublicKey, kms:Sign.

With --stack the owner's co-signer function looks and signs, by its own node and
settings; nothing is opened here. A proposal of the stack is named by its hash;
with --in a bundle of another stack is signed by an owner that is alone in its
account. Calls lambda:InvokeFunction on <stack>-cosigner-<n>, or your alias of it.`,
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
    const file = need(options.in, 'the hash of the proposal, or --in,')
    if (file === '-' && out === undefined)
      usageError('--in - is given without --out.')
    const written = out ?? file
    return signedResult(await sign(owner ?? 1, { file, out: written }), written)
  },
})
