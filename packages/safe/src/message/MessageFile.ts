import {
  AddressField,
  ChainId,
  Fields,
  type Hex,
  HexField,
  type Parser,
  Problems,
  TypedDataRequest,
} from '@keyward/core'
import {
  ProposalMismatchError,
  parseConfirmation,
  toSignature,
} from '../Proposal.js'
import * as SafeMessage from '../SafeMessage.js'
import type { SafeDomain } from '../SafeTransaction.js'
import * as SafeSignature from '../signatures/SafeSignature.js'
import { toJson as plain } from '../toJson.js'

/**
 * A message of a Safe that owners pass on to each other, in the form of Safe's
 * transaction service; `chainId` is our addition.
 */
export type MessageFile = {
  readonly domain: SafeDomain
  readonly preimage: SafeMessage.Preimage
  /** Computed from the domain and the message. */
  readonly safeMessage: Hex
  /**
   * Each signature recovers to the named account. Only the chain shows whether
   * that is an owner.
   */
  readonly signatures: readonly SafeSignature.SafeSignature[]
}

/** @throws TooManyValuesError, InvalidTypedDataError */
export function create(
  domain: SafeDomain,
  preimage: SafeMessage.Preimage,
): MessageFile {
  const { safeMessage } = SafeMessage.hash(domain, preimage)
  return { domain, preimage, safeMessage, signatures: [] }
}

/** Adds an owner's signature. @throws BadConfirmationError */
export async function add(
  file: MessageFile,
  owner: Hex,
  bytes: Hex,
): Promise<MessageFile> {
  const added = await toSignature(file.safeMessage, owner, bytes)
  const others = file.signatures.filter((one) => one.owner !== owner)
  return { ...file, signatures: [...others, added] }
}

/**
 * The input for `isValidSignature`.
 *
 * @param owners - The Safe's owners, lower case.
 * @returns undefined if too few of them have signed
 */
export function pack(
  { signatures }: MessageFile,
  { owners, threshold }: { owners: readonly Hex[]; threshold: number },
): Hex | undefined {
  const own = signatures.filter(({ owner }) => owners.includes(owner))
  return own.length < threshold ? undefined : SafeSignature.pack(own)
}

/** @param preparedSignature - As returned by `pack`. */
export function toJson(
  { domain, preimage, safeMessage, signatures }: MessageFile,
  preparedSignature: Hex | undefined,
) {
  return {
    chainId: domain.chainId,
    safe: AddressField.toChecksum(domain.safe),
    messageHash: safeMessage,
    message:
      'message' in preimage ? preimage.message : plain(preimage.typedData),
    confirmations: signatures.flatMap((one) =>
      'bytes' in one
        ? [{ owner: AddressField.toChecksum(one.owner), signature: one.bytes }]
        : [],
    ),
    preparedSignature: preparedSignature ?? null,
  }
}

const names = [
  ...(['chainId', 'safe', 'messageHash', 'message'] as const),
  ...(['confirmations', 'preparedSignature'] as const),
]

/**
 * @throws InvalidRequestError, TooManyValuesError, ProposalMismatchError,
 * BadConfirmationError
 */
export async function fromJson(value: unknown): Promise<MessageFile> {
  const problems = Problems.create('message file')
  const fields = Fields.open(value, names, '', problems)
  const chainId = fields?.required('chainId', ChainId.parse)
  const safe = fields?.required('safe', AddressField.parse)
  const said = fields?.required('messageHash', HexField.fixed(32))
  const preimage = fields?.required('message', parsePreimage)
  const confirmations =
    fields?.required('confirmations', Fields.list(parseConfirmation, 100)) ?? []
  problems.assertNone()
  const domain = { chainId, safe } as SafeDomain
  let file = create(domain, preimage as SafeMessage.Preimage)
  if (said !== undefined && said !== file.safeMessage)
    throw new ProposalMismatchError(said, file.safeMessage)
  for (const { owner, signature } of confirmations)
    file = await add(file, owner, signature)
  return file
}

const parsePreimage: Parser<SafeMessage.Preimage> = (value) =>
  typeof value === 'string'
    ? { message: value }
    : { typedData: TypedDataRequest.fromJson(value) }
