import { AddressField, type Hex } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import {
  assertNonceUnused,
  cosign,
  type Danger,
  DangerousTransactionError,
  NotAnOwnerError,
  Proposal,
  type Review,
  review,
  reviewData,
} from '@keyward/safe'
import { note, reading, toColumns } from '@keyward/toolkit'
import { withOpenKey } from '@keyward/toolkit/sign'
import type { Result } from '../../output/Result.js'
import { reviewText } from '../../output/safe/reviewText.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import {
  openSafe,
  readProposal,
  rulesOf,
  type SafeOptions,
  writeJson,
} from './openSafe.js'

export type ApproveOptions = SafeOptions & {
  in: string
  keyId: string
  open: readonly Danger.Danger[]
  openCall: readonly string[]
  out: string | undefined
  yes: boolean
}

/** Signs a proposal as an owner, once it was looked at. One kms:Sign. */
export async function approveProposal(
  terminal: Terminal,
  options: ApproveOptions,
): Promise<Result> {
  const out = await reading(() => toOut(options))
  const { file, rpc } = await openSafe(terminal, options)
  const proposal = await readProposal(terminal, options.in, file)
  const { domain, transaction, safeTx } = proposal
  const what = `the Safe transaction ${safeTx}`
  const request = { ...options, token: undefined }
  return withOpenKey(terminal, request, what, async (key, confirm) => {
    const owner = key.address.toLowerCase() as Hex
    const rules = rulesOf(options)
    const { pins } = file
    const seen = await review(domain, transaction, { rpc, pins, rules })
    assertNonceUnused(transaction, seen.state)
    if (!seen.state.owners.includes(owner))
      throw new NotAnOwnerError(owner, domain.safe)
    note(terminal, reviewText(seen, styleFor(terminal.stderr, terminal.env)))
    if (seen.findings.length > 0)
      throw new DangerousTransactionError(safeTx, seen.findings)
    if (proposal.signatures.some((one) => one.owner === owner)) {
      note(terminal, `${key.address} has signed it already.`)
      await writeJson(out, Proposal.toBundle(proposal), true)
      return approvedResult(proposal, seen, out, key.address)
    }
    await confirm()
    const signed = Proposal.add(proposal, await cosign(key, seen))
    await writeJson(out, Proposal.toBundle(signed), true)
    return approvedResult(signed, seen, out, key.address)
  })
}

function toOut({ in: input, out = input }: ApproveOptions): string {
  if (out !== '-') return out
  throw new InputError('--in - is given without --out.', {
    details: 'Give --out with a file for the signed proposal.',
  })
}

function approvedResult(
  { signatures }: Proposal.Proposal,
  seen: Review,
  file: string,
  owner: string,
): Result {
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
      file,
    },
    text: toColumns([
      ['signed by', owner],
      [
        'signatures',
        `${signed.length} of ${threshold}${isEnough ? ': it can be executed' : ''}`,
      ],
      ['proposal', file],
    ]),
  }
}
