import type * as Hex from 'ox/Hex'
import * as Authorization from './authorization/getSignPayload.js'
import * as Message from './message/getSignPayload.js'
import type { SigningRequest } from './Request.js'
import { toTransactionDigest } from './toTransactionDigest.js'
import { assertBelongs } from './transaction/versionedHash.js'
import * as TypedData from './typedData/getSignPayload.js'

/** The 32 bytes to sign. @throws any error from the kind's getSignPayload */
export function toDigest(request: SigningRequest): Hex.Hex {
  switch (request.kind) {
    case 'transaction': {
      const digest = toTransactionDigest(request)
      assertBelongs(request.transaction)
      return digest
    }
    case 'message':
      return Message.getSignPayload(request.message)
    case 'typedData':
      return TypedData.getSignPayload(request.typedData)
    case 'authorization':
      return Authorization.getSignPayload(request.authorization)
    case 'digest':
      return request.digest
  }
}
