import type { Signature, SigningKey, SigningRequest } from '@keyward/core'
import type { Config } from '../runtime/config.js'
import { createLog } from '../runtime/log.js'

/**
 * A key that logs each signature by KMS, for functions that don't sign exactly
 * once per invocation. It also logs signatures that aren't used afterwards,
 * because CloudTrail shows those calls too. A signature that fails the key's own
 * checks, or comes too late, is logged by `openSigner`.
 *
 * @param toHash - The hash of a signed transaction. The co-signer's bundle
 * stays small without it.
 */
export function logSignatures(
  key: SigningKey.LazySigningKey,
  { keyId, logLevel, network }: Config,
  toHash: (
    request: SigningRequest,
    signature: Signature.Recovered,
  ) => string | undefined = () => undefined,
): SigningKey.LazySigningKey {
  const log = createLog(logLevel)
  const sign: typeof key.sign = async (request, options) => {
    const signed = await key.sign(request, options)
    const { caller, transactionId, purpose } = options?.context ?? {}
    log.audit('signed', {
      ...{ caller, key_id: keyId, purpose, transaction_id: transactionId },
      ...{ network: network.name, chain_id: network.chainId },
      digest: signed.digest,
      hash: toHash(signed.request, signed),
      kms_request_id: signed.requestId,
    })
    return signed
  }
  // A prototype keeps the getters of what is known only after the first use.
  return Object.assign(Object.create(key), { sign })
}
