import { Transaction } from '@keyward/core'
import * as Caller from './Caller.js'
import type { Context } from './Context.js'
import { type OwnFields, readEvent, type SharedFields } from './readEvent.js'
import type { Signer } from './signer.js'
import { toFailure, toLogFields } from './toFailure.js'
import { toWire } from './toWire.js'

/** What is left for the answer after KMS has had its time. */
const reserveMs = 200

/** Where the two functions differ. */
export type Kind<own> = {
  ownFields: OwnFields<own>
  toTransaction: (fields: SharedFields & own) => Transaction.Unsigned
  toAnswer: (
    signed: Transaction.sign.ReturnType,
    transaction: Record<string, unknown>,
  ) => Record<string, unknown>
}

/**
 * A function's handler: check the caller, read the event, ask KMS, answer. A
 * refusal is thrown, so that its class becomes the answer's `errorType`.
 */
export function createHandler<own>(signer: Signer, kind: Kind<own>) {
  const { config, key, log } = signer
  const { keyId, network } = config

  async function status() {
    // Never from memory: this is how an alias that moved is found.
    const { address, keyArn } = await key.checkAddress()
    return {
      eth_checksum_address: address,
      key_id: keyArn,
      network: network.name,
      chain_id: network.chainId,
      pinned: config.expectedAddress !== undefined,
    }
  }

  return async (event: unknown, context: Context) => {
    const start = performance.now()
    signer.setDeadline(
      Date.now() + context.getRemainingTimeInMillis() - reserveMs,
    )
    const caller = Caller.fromArn(context.invokedFunctionArn)
    const common = { request_id: context.awsRequestId, caller, key_id: keyId }
    try {
      Caller.assertAllowed(caller, config.callers)
      const request = readEvent(event, config, kind.ownFields)
      if (request === 'status') {
        const answer = await status()
        log.info('status', { ...common, ...since(start) })
        return answer
      }
      const transaction = kind.toTransaction(request)
      const signed = await Transaction.sign(key, transaction)
      // What is answered is read from the bytes that a chain will read.
      const decoded = await Transaction.decode(signed.raw)
      const answer = kind.toAnswer(
        signed,
        toWire(decoded.transaction, decoded.from),
      )
      log.info('signed', {
        ...common,
        network: network.name,
        chain_id: network.chainId,
        digest: signed.digest,
        hash: signed.hash,
        kms_request_id: signed.requestId,
        ...since(start),
      })
      return answer
    } catch (error) {
      const failure = toFailure(error)
      const refused = refusals.includes(failure.code)
      log[refused ? 'warn' : 'error'](refused ? 'refused' : 'failed', {
        ...common,
        ...toLogFields(failure),
        ...since(start),
      })
      throw failure
    }
  }
}

/** Codes of what is the caller's fault, not the function's or KMS's. */
const refusals = [
  'invalid-request',
  'invalid-transaction',
  'caller-not-allowed',
]

function since(start: number) {
  return { duration_ms: Math.round(performance.now() - start) }
}
