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
import { type Io, note } from '../Io.js'
import { reading } from '../reading.js'
import { withOpenKey } from '../sign/withSigningKey.js'
import {
  openSafe,
  readProposal,
  rulesOf,
  type SafeOptions,
  writeJson,
} from './safeFiles.js'

export type ApproveOptions = SafeOptions & {
  in: string
  keyId: string
  open: readonly Danger.Danger[]
  openCall: readonly string[]
  out: string | undefined
  yes: boolean
}

export type Approved = {
  owner: string
  /** The Safe owners who have signed. */
  signed: readonly string[]
  threshold: number
  isEnough: boolean
  /** The file with the signed proposal. */
  out: string
  /** Converts the result to the `--json` output. */
  data: object
}

/** Signs a reviewed proposal as an owner. Calls kms:Sign once. */
export async function approve(
  io: Io,
  options: ApproveOptions,
  show: (seen: Review) => void,
): Promise<Approved> {
  const out = await reading(() => toOut(options))
  const { file, rpc } = await openSafe(io, options)
  const proposal = await readProposal(io, options.in, file)
  const { domain, transaction, safeTx } = proposal
  const what = `the Safe transaction ${safeTx}`
  const request = { ...options, token: undefined }
  return withOpenKey(io, request, what, async (key, confirm) => {
    const owner = key.address.toLowerCase() as Hex
    const rules = rulesOf(options)
    const { pins } = file
    const seen = await review(domain, transaction, { rpc, pins, rules })
    assertNonceUnused(transaction, seen.state)
    if (!seen.state.owners.includes(owner))
      throw new NotAnOwnerError(owner, domain.safe)
    show(seen)
    if (seen.findings.length > 0)
      throw new DangerousTransactionError(safeTx, seen.findings)
    if (proposal.signatures.some((one) => one.owner === owner)) {
      note(io, `${key.address} has already signed this proposal.`)
      await writeJson(out, Proposal.toBundle(proposal), true)
      return toApproved(proposal, seen, { out, owner: key.address })
    }
    await confirm()
    const signed = Proposal.add(proposal, await cosign(key, seen))
    await writeJson(out, Proposal.toBundle(signed), true)
    return toApproved(signed, seen, { out, owner: key.address })
  })
}

function toApproved(
  { signatures }: Proposal.Proposal,
  seen: Review,
  { out, owner }: { out: string; owner: string },
): Approved {
  const { owners, threshold } = seen.state
  const signed = owners
    .filter((one) => signatures.some((each) => each.owner === one))
    .map(AddressField.toChecksum)
  const isEnough = signed.length >= threshold
  return {
    ...{ owner, signed, threshold, isEnough, out },
    data: { ...reviewData(seen), owner, signed, ready: isEnough, file: out },
  }
}

function toOut({ in: input, out = input }: ApproveOptions): string {
  if (out !== '-') return out
  throw new InputError('--in - needs --out.', {
    details: 'Pass --out with a file for the signed proposal.',
  })
}
