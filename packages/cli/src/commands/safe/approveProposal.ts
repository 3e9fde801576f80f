import { AddressField } from '@keyward/core'
import { reviewData } from '@keyward/safe'
import { note, toColumns } from '@keyward/toolkit'
import { type ApproveOptions, approve } from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import { reviewText } from '../../output/safe/reviewText.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'

/** Signs a proposal as an owner, once it was looked at. One kms:Sign. */
export async function approveProposal(
  terminal: Terminal,
  options: ApproveOptions,
): Promise<Result> {
  const style = styleFor(terminal.stderr, terminal.env)
  const { signatures, seen, out, owner } = await approve(
    terminal,
    options,
    (seen) => note(terminal, reviewText(seen, style)),
  )
  const { owners, threshold } = seen.state
  const signed = owners.filter((one) =>
    signatures.some((each) => each.owner === one),
  )
  const isEnough = signed.length >= threshold
  return {
    data: {
      ...reviewData(seen),
      owner,
      signed: signed.map(AddressField.toChecksum),
      ready: isEnough,
      file: out,
    },
    text: toColumns([
      ['signed by', owner],
      [
        'signatures',
        `${signed.length} of ${threshold}${isEnough ? ': it can be executed' : ''}`,
      ],
      ['proposal', out],
    ]),
  }
}
