import type { Hex } from '@keyward/core'
import { cosignMessage, NotAnOwnerError } from '../cosign.js'
import { type MessageReview, reviewMessage } from '../message/reviewMessage.js'
import * as SafeMessage from '../SafeMessage.js'
import { assertSameView, type CosignerOptions, known } from './approve.js'
import type { ProposalStore } from './ProposalRecord.js'

export type MessageApproval = {
  readonly owner: Hex
  readonly review: MessageReview
  /** 65 bytes: one owner's part of what `isValidSignature` is given. */
  readonly signature: Hex
}

type Options = Omit<CosignerOptions, 'now' | 'proposerMayApprove'>

/**
 * Looks at a message of the Safe alone and, where nothing speaks against it,
 * signs it. Nothing is kept: the signature goes to the caller. One call of the
 * key service.
 *
 * @param store - Of an owner beside a coordinator, whose view is compared.
 * @throws before anything is signed: InvalidRequestError, ViewDiffersError,
 * SafeChangedError, NotAnOwnerError, DangerousMessageError
 */
export async function approveMessage(
  options: Options,
  store: Pick<ProposalStore, 'readView'> | undefined,
  preimage: SafeMessage.Preimage,
  {
    caller,
    deadline,
  }: { readonly caller: string; readonly deadline?: number | undefined },
): Promise<MessageApproval> {
  const { key } = options
  const owner = (await key.getAddress({ deadline })).toLowerCase() as Hex
  const review = await lookAtMessage(options, preimage, owner, deadline)
  if (store !== undefined)
    assertSameView(review.state, await store.readView({ deadline }))
  const context = { caller }
  const signed = await cosignMessage(known(key), review, { deadline, context })
  return { owner, review, signature: signed.bytes }
}

/** All that comes before a signature, and can be asked for alone. */
export async function lookAtMessage(
  { rpc, file, rules, readNamed }: Options,
  preimage: SafeMessage.Preimage,
  owner: Hex,
  deadline: number | undefined,
): Promise<MessageReview> {
  const { domain, pins } = file
  const typedData = SafeMessage.toTypedData(domain, preimage)
  const named = await readNamed?.(typedData, preimage)
  const seen = await reviewMessage(domain, preimage, {
    ...{ rpc, pins, rules: { ...rules, named }, deadline },
  })
  if (!seen.state.owners.includes(owner))
    throw new NotAnOwnerError(owner, domain.safe)
  return seen
}
