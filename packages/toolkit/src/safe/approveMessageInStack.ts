import { type Hex, TypedDataRequest } from '@keyward/core'
import {
  DangerousMessageError,
  MessageFile,
  readMeaning,
  SafeMessage,
  toJson,
} from '@keyward/safe'
import type { Io } from '../Io.js'
import { readJson } from '../readInput.js'
import { reading } from '../reading.js'
import type { Style } from '../Style.js'
import { otherAnswer } from './assertShown.js'
import { messageText } from './messageText.js'
import { assertFree, writeJson } from './safeFiles.js'
import {
  type Answer,
  type MultisigOptions,
  withMultisig,
} from './withMultisig.js'

export type MessageOptions = MultisigOptions & {
  owner: number
  /** Exactly one of these three is given. */
  message: string | undefined
  typedData: string | undefined
  in: string | undefined
  /** Undefined with `dryRun`. */
  out: string | undefined
  force: boolean
  dryRun: boolean
  yes: boolean
}

/** The request and its result. */
export type MessageSigned = {
  data: Answer
  file: MessageFile.MessageFile
  threshold: number
  /**
   * The signature to pass to `isValidSignature`, once enough owners have
   * signed.
   */
  prepared: Hex | undefined
}

/**
 * Shows a message of the Safe, as decoded here and as judged by the owner's
 * co-signer, then asks for confirmation and has the message signed.
 *
 * @throws DangerousMessageError, ProposalMismatchError if the co-signer has
 * another hash, and the co-signer's refusals
 */
export async function approveMessageInStack(
  io: Io,
  options: MessageOptions,
  show: (text: (style: Style) => string) => void,
): Promise<MessageSigned> {
  const { owner, yes, dryRun, force, out } = options
  const given = await reading(() => {
    if (out !== undefined && out !== options.in) assertFree(out, '--out', force)
    return readGiven(io, options)
  })
  return withMultisig(io, options, async (access) => {
    const fields =
      'message' in given.preimage
        ? { message: given.preimage.message }
        : { typed_data: toJson(given.preimage.typedData) }
    const seen = await access.cosign(owner, 'review_message', fields)
    const file = toFile(given, seen)
    show((style) => textOf(file, seen, style))
    const { safeMessage } = file
    const threshold = Number(seen.threshold)
    if (dryRun)
      return { data: { dryRun, ...seen }, file, threshold, prepared: undefined }
    const findings = seen.findings as DangerousMessageError['findings']
    if (findings.length > 0)
      throw new DangerousMessageError(safeMessage, findings)
    await io.confirm({
      target: access.target,
      action: `signs the Safe message ${safeMessage} with ${access.labelOf(owner)}`,
      yes,
    })
    const answer = await access.cosign(owner, 'approve_message', fields)
    const by = String(answer.owner).toLowerCase() as Hex
    // The signature recovers to the owner only if it is over the hash that was
    // shown.
    const signed = await MessageFile.add(file, by, answer.signature as Hex)
    const owners = (answer.owners as Hex[]).map((one) => one.toLowerCase())
    const prepared = MessageFile.pack(signed, {
      ...{ owners: owners as Hex[], threshold },
    })
    const json = MessageFile.toJson(signed, prepared)
    if (out !== undefined) await writeJson(out, json, true)
    return { data: { ...answer, file: out }, file: signed, threshold, prepared }
  })
}

type Given =
  | MessageFile.MessageFile
  | { readonly preimage: SafeMessage.Preimage }

async function readGiven(io: Io, options: MessageOptions): Promise<Given> {
  const { message, typedData } = options
  if (message !== undefined) return { preimage: { message } }
  if (typedData === undefined)
    return MessageFile.fromJson(await readJson(io, options.in ?? ''))
  const json = await readJson(io, typedData, '--typed-data')
  return { preimage: { typedData: TypedDataRequest.fromJson(json) } }
}

/** @throws ProposalMismatchError if the co-signer reviews something else */
function toFile(given: Given, seen: Answer): MessageFile.MessageFile {
  const safe = String(seen.safe).toLowerCase() as Hex
  const domain = { chainId: Number(seen.chain_id), safe }
  const fresh = MessageFile.create(domain, given.preimage)
  const file = 'safeMessage' in given ? given : fresh
  for (const hash of [fresh.safeMessage, seen.safe_message_hash])
    if (hash !== file.safeMessage)
      throw otherAnswer('message', hash as Hex, file.safeMessage)
  return file
}

function textOf(
  { domain, preimage }: MessageFile.MessageFile,
  seen: Answer,
  style: Style,
): string {
  type Findings = DangerousMessageError['findings']
  const { findings, opened } = seen as { findings: Findings; opened: Findings }
  const hashes = SafeMessage.hash(domain, preimage)
  const meaning = readMeaning(preimage, domain.safe)
  return messageText({ domain, hashes, meaning, findings, opened }, style)
}
