import { AddressField } from '@keyward/core'
import { toJson } from '../toJson.js'
import type { Meaning } from './readMeaning.js'
import type { MessageReview } from './reviewMessage.js'

/** How long a signature stays valid, because no nonce ends its validity. */
export const validity =
  "A signed message can't be revoked: it stays valid until the Safe's owners " +
  "or threshold change. The Safe's nonce has no effect on it."

/** The review of a message, for programs. */
export function messageData(seen: MessageReview) {
  const { domain, hashes, state, findings, opened } = seen
  return {
    safe: AddressField.toChecksum(domain.safe),
    chainId: domain.chainId,
    owners: state.owners.map(AddressField.toChecksum),
    threshold: state.threshold,
    preimageHash: hashes.preimage,
    domainHash: hashes.domain,
    messageHash: hashes.message,
    safeMessageHash: hashes.safeMessage,
    ...meaningData(seen.meaning),
    ...{ findings, opened, validity },
  }
}

type MeaningData = {
  kind: string
  message: unknown
  primaryType: string | undefined
  domain:
    | { chainId: string | null; verifyingContract: string | null }
    | undefined
}

function meaningData(meaning: Meaning): MeaningData {
  if (meaning.of === 'text')
    return {
      ...{ kind: meaning.kind, message: meaning.text ?? null },
      ...{ primaryType: undefined, domain: undefined },
    }
  const { kind, primaryType, contract, chain, message } = meaning
  return {
    kind: kind ?? 'unknown',
    primaryType,
    domain: {
      chainId: chain === undefined ? null : String(chain),
      verifyingContract:
        contract === undefined ? null : AddressField.toChecksum(contract),
    },
    message: toJson(message),
  }
}
