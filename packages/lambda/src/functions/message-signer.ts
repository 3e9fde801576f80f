import { Signature, SigningKey } from '@keyward/core'
import * as Caller from '../runtime/Caller.js'
import { InvalidConfigError, readConfig } from '../runtime/config.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { readMessageEvent } from '../signing/readMessageEvent.js'
import { readStatus } from '../signing/readStatus.js'
import { openSigner, openSigningGate } from '../signing/signer.js'

const config = readConfig(process.env)
// Only a policy can limit what messages and typed data allow.
InvalidConfigError.assertPolicy(config)
const gate = openSigningGate(config, (options) =>
  signer.key.getAddress(options),
)
const signer = openSigner(config, gate, (parameters) =>
  SigningKey.open({ ...parameters, authorize: gate?.authorize }),
)
const { network } = config

/**
 * Signs messages (EIP-191), typed data (EIP-712) and authorizations (EIP-7702)
 * that its policy allows, or answers `status`. Calls `kms:Sign` once for each
 * signature, and `kms:GetPublicKey` with the first one unless the address is
 * pinned.
 */
export const handler = serveInvocations<Record<string, unknown>>(
  signer,
  async ({ event, caller: alias, deadline }) => {
    const asked = readMessageEvent(event, network)
    if (asked === 'status')
      return { answer: await readStatus(signer, deadline), message: 'status' }
    const { operation, request } = asked
    const context = { caller: Caller.fromAlias(alias, config) }
    const signed = await signer.key.sign(request, { deadline, context })
    const { r, s, yParity } = Signature.toRpc(signed)
    return {
      answer: {
        signature: Signature.toHex(signed),
        ...{ r, s, y_parity: yParity },
        digest: signed.digest,
        from: signed.address,
      },
      message: 'signed',
      audit: true,
      fields: {
        ...{ operation, network: network.name, chain_id: network.chainId },
        digest: signed.digest,
        kms_request_id: signed.requestId,
      },
    }
  },
)
