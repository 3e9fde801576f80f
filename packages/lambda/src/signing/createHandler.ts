import { Transaction } from '@keyward/core'
import * as Caller from '../runtime/Caller.js'
import { serveInvocations } from '../runtime/serveInvocations.js'
import { type OwnFields, readEvent, type SharedFields } from './readEvent.js'
import { readStatus } from './readStatus.js'
import type { Signer } from './signer.js'
import { toWire } from './toWire.js'

/** The differences between the two signer functions. */
export type Kind<own> = {
  ownFields: OwnFields<own>
  toTransaction: (fields: SharedFields & own) => Transaction.Unsigned
  toAnswer: (
    signed: Transaction.sign.ReturnType,
    transaction: Record<string, unknown>,
  ) => Record<string, unknown>
}

/** A signer's handler: reads the event, asks KMS and answers. */
export function createHandler<own>(signer: Signer, kind: Kind<own>) {
  const { config, key } = signer
  const { network } = config
  return serveInvocations<Record<string, unknown>>(
    signer,
    async ({ event, caller: alias, deadline }) => {
      const request = readEvent(event, config, kind.ownFields)
      if (request === 'status')
        return { answer: await readStatus(signer, deadline), message: 'status' }
      const transaction = kind.toTransaction(request)
      const signed = await Transaction.sign(key, transaction, {
        deadline,
        context: { caller: Caller.fromAlias(alias, config) },
      })
      return {
        answer: kind.toAnswer(signed, toWire(signed.transaction, signed.from)),
        message: 'signed',
        audit: true,
        fields: {
          network: network.name,
          chain_id: network.chainId,
          digest: signed.digest,
          hash: signed.hash,
          kms_request_id: signed.requestId,
        },
      }
    },
  )
}
