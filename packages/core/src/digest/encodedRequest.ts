import type { Hex } from 'ox/Hex'
import type { SigningRequest } from '../Request.js'
import { decodeUnsigned } from '../transaction/decode.js'
import { type DigestRequest, fromTransaction } from './DigestRequest.js'

type TransactionRequest = Extract<SigningRequest, { kind: 'transaction' }>

/**
 * The request in another library's unsigned bytes: the transaction they encode
 * or, for a chain's own transaction type, their hash.
 *
 * @throws InvalidTransactionError
 */
export function encodedRequest(bytes: Hex): TransactionRequest | DigestRequest {
  const isKnown = /^0x0[1-4]|^0x[c-f]/i.test(bytes)
  return isKnown
    ? { kind: 'transaction', transaction: decodeUnsigned(bytes) }
    : fromTransaction(bytes)
}
