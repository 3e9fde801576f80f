import type { Hex } from '@keyward/core'
import {
  cosignMessage,
  DangerousMessageError,
  NotAnOwnerError,
} from '../cosign.js'
import type { Rules } from '../danger/Danger.js'
import {
  judgeMessage,
  type MessageReview,
  reviewMessage,
} from '../message/reviewMessage.js'
import * as SafeMessage from '../SafeMessage.js'
import { assertSameView, type CosignerOptions, known } from './approve.js'
import type { ProposalStore } from './ProposalRecord.js'

export type MessageApproval = {
  readonly owner: Hex
  readonly review: MessageReview
  /** One owner's part of the input for `isValidSignature`, 65 bytes. */
  readonly signature: Hex
}

type Options = Omit<CosignerOptions, 'proposerMayApprove'>

/**
 * Reviews a message of the Safe independently and, if the review finds no
 * danger, signs it. If the message alone must be refused, the node is not
 * asked. Nothing is stored: the caller gets the signature. One call to the key
 * service.
 *
 * @param store - For an owner with a coordinator, to compare its view.
 * @throws before anything is signed: InvalidRequestError, TooManyValuesError,
 * TooManyAddressesError, ViewDiffersError, SafeChangedError, NotAnOwnerError,
 * DangerousMessageError
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
  const { key, now } = options
  const { domain } = options.file
  const rules = await readRules(options, preimage)
  const early = judgeMessage(domain, preimage, { rules, now })
  if (early.length > 0) {
    const { safeMessage } = SafeMessage.hash(domain, preimage)
    throw new DangerousMessageError(safeMessage, early)
  }
  const owner = (await key.getAddress({ deadline })).toLowerCase() as Hex
  const review = await look(options, preimage, { owner, rules, deadline })
  if (store !== undefined)
    assertSameView(review.state, await store.readView({ deadline }))
  const context = { caller }
  const signed = await cosignMessage(known(key), review, { deadline, context })
  return { owner, review, signature: signed.bytes }
}

/** Makes all checks that precede a signature; can be called on its own. */
export async function lookAtMessage(
  options: Options,
  preimage: SafeMessage.Preimage,
  owner: Hex,
  deadline: number | undefined,
): Promise<MessageReview> {
  const rules = await readRules(options, preimage)
  return look(options, preimage, { owner, rules, deadline })
}

async function look(
  { rpc, now, file }: Options,
  preimage: SafeMessage.Preimage,
  of: { owner: Hex; rules: Rules; deadline: number | undefined },
): Promise<MessageReview> {
  const { owner, rules, deadline } = of
  const { domain, pins } = file
  const seen = await reviewMessage(domain, preimage, {
    ...{ rpc, pins, rules, now, deadline },
  })
  if (!seen.state.owners.includes(owner))
    throw new NotAnOwnerError(owner, domain.safe)
  return seen
}

/**
 * The owner's settings, and the dangers of this message that its policy allows.
 */
async function readRules(
  { file, rules, readNamed }: Options,
  preimage: SafeMessage.Preimage,
): Promise<Rules> {
  const typedData = SafeMessage.toTypedData(file.domain, preimage)
  return { ...rules, named: await readNamed?.(typedData, preimage) }
}
