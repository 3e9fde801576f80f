import {
  AddressField,
  type Hex,
  openTypedDataKey,
  type SigningKey,
  type TypedData,
} from '@keyward/core'
import {
  approve,
  approveBundle,
  approveMessage,
  look,
  lookAtMessage,
  Proposal,
  ProposalNotFoundError,
  readClaim,
  SafeMessage,
} from '@keyward/safe'
import { authorizeOfSafe } from '../multisig/authorizeOfSafe.js'
import { createProposalStore } from '../multisig/createProposalStore.js'
import { InOneStackError } from '../multisig/InOneStackError.js'
import { readCosigner } from '../multisig/MultisigConfig.js'
import { type About, readCosignerEvent } from '../multisig/readEvent.js'
import { readNamedDangers } from '../multisig/readNamedDangers.js'
import { SafeNotPinnedError } from '../multisig/SafeNotPinnedError.js'
import {
  toApprovalWire,
  toMessageApprovalWire,
  toMessageWire,
  toReviewWire,
} from '../multisig/toWire.js'
import * as Caller from '../runtime/Caller.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { createSecretReader } from '../secrets/createSecretReader.js'
import { openRpc } from '../sending/openRpc.js'
import { logSignatures } from '../signing/logSignatures.js'
import { readStatus } from '../signing/readStatus.js'
import { openGate, openSigner } from '../signing/signer.js'

const config = readCosigner(process.env)
const { file, rules, proposerMayApprove, table, network } = config
const gate = openGate(config, (options) => signer.key.getAddress(options))
const isOfSafe = authorizeOfSafe(file?.domain)
// The co-signer's danger settings are checked before this function is called.
const authorize: SigningKey.Authorize = async (request, context) => {
  await isOfSafe(request, context)
  await gate?.authorize(request, context)
  // A wrapped message must itself be allowed, and counts under its own hash.
  const { preimage } = context
  if (preimage?.kind === 'message' || preimage?.kind === 'typedData') {
    const digest = SafeMessage.hashPreimage(preimage)
    await gate?.authorize(preimage, { ...context, digest })
  }
}
const signer = openSigner(config, gate, (parameters) =>
  logSignatures(openTypedDataKey({ ...parameters, authorize }), config),
)
const { key, log } = signer
const rpc = openRpc(config, createSecretReader(), log)
const store =
  table === undefined || file === undefined
    ? undefined
    : createProposalStore(table, file.domain)

/**
 * The co-signer of one owner of a Safe. It trusts nobody. `review` and
 * `approve` compute the hash, compare the Safe with its pins, decode, simulate
 * and judge by this function's own settings. `review_message` and
 * `approve_message` do the same for a message of the Safe, if its settings open
 * messages. `status` returns its account. Calls `kms:Sign` once for each
 * approval, and `kms:GetPublicKey` first unless the address is pinned. Needs
 * GetItem and UpdateItem on the table of proposals.
 */
export const handler = serveInvocations<object>(
  signer,
  async ({ event, caller: alias, deadline }) => {
    const asked = await readCosignerEvent(event)
    const { operation } = asked
    if (asked.operation === 'status') {
      const status = await readStatus(signer, deadline)
      const safe = file && AddressField.toChecksum(file.domain.safe)
      return { answer: { ...status, safe: safe ?? null }, message: 'status' }
    }
    if (file === undefined) throw new SafeNotPinnedError()
    const caller = Caller.fromAlias(alias, config)
    const readNamed = (
      typedData: TypedData.TypedData,
      preimage?: SafeMessage.Preimage,
    ) => readNamedDangers(gate, { typedData, preimage, caller, deadline })
    const options = {
      ...{ key, rpc, file, rules, proposerMayApprove, now: Date.now },
      readNamed,
    }
    const about = {
      ...{ operation, network: network.name, chain_id: network.chainId },
    }
    if ('preimage' in asked) {
      const { preimage } = asked
      if (operation === 'review_message') {
        const owner = (await key.getAddress({ deadline })).toLowerCase() as Hex
        const seen = await lookAtMessage(options, preimage, owner, deadline)
        const fields = { ...about, digest: seen.hashes.safeMessage }
        return { answer: toMessageWire(seen), message: 'reviewed', fields }
      }
      const call = { caller, deadline }
      const approval = await approveMessage(options, store, preimage, call)
      return {
        answer: toMessageApprovalWire(approval),
        message: 'approved',
        fields: { ...about, digest: approval.review.hashes.safeMessage },
        audit: true,
      }
    }
    if (operation === 'review') {
      const proposal = await read(asked, deadline)
      const owner = (await key.getAddress({ deadline })).toLowerCase() as Hex
      const seen = await look(options, proposal, owner, deadline)
      const fields = { ...about, digest: proposal.safeTx }
      return { answer: toReviewWire(seen), message: 'reviewed', fields }
    }
    const call = { caller, deadline }
    if ('safeTx' in asked) {
      if (store === undefined) throw new ProposalNotFoundError(asked.safeTx)
      const approval = await approve(options, store, asked.safeTx, call)
      return {
        answer: toApprovalWire(approval),
        message: approval.isNew ? 'approved' : 'approved before',
        fields: { ...about, digest: asked.safeTx },
        audit: true,
      }
    }
    if (store !== undefined) throw new InOneStackError()
    const approval = await approveBundle(options, asked.bundle, call)
    const bundle = Proposal.toBundle(approval.proposal)
    return {
      answer: { ...toApprovalWire(approval), bundle },
      message: approval.isNew ? 'approved' : 'approved before',
      fields: { ...about, digest: asked.bundle.safeTx },
      audit: true,
    }
  },
)

/** @throws ProposalNotFoundError */
async function read(
  about: About,
  deadline: number,
): Promise<Proposal.Proposal> {
  if ('bundle' in about) return about.bundle
  const record = await store?.read(about.safeTx, { deadline })
  if (record === undefined) throw new ProposalNotFoundError(about.safeTx)
  return readClaim(record)
}
