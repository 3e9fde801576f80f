import { type LazySigningKey, openKey, type Parameters } from './openKey.js'
import { toTransactionDigest } from './toTransactionDigest.js'

/**
 * Like `SigningKey.open`, for programs such as the functions that sign only
 * transactions. It refuses other kinds of request and needs no code for them.
 */
export function openTransactionKey(parameters: Parameters): LazySigningKey {
  return openKey(parameters, toTransactionDigest)
}
