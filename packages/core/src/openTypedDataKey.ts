import { type LazySigningKey, openKey, type Parameters } from './openKey.js'
import { refuseKind } from './Request.js'
import { getSignPayload } from './typedData/getSignPayload.js'

/**
 * Like `SigningKey.open`, for programs that sign only typed data, such as the
 * co-signers of a Safe. It refuses other kinds of request and needs no code for
 * them.
 */
export function openTypedDataKey(parameters: Parameters): LazySigningKey {
  return openKey(parameters, (request) => {
    if (request.kind !== 'typedData')
      throw refuseKind(request.kind, 'typedData')
    return getSignPayload(request.typedData)
  })
}
