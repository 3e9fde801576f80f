import { type LazySigningKey, openKey, type Parameters } from './openKey.js'
import { toTransactionDigest } from './toTransactionDigest.js'

/**
 * Like `SigningKey.open`, for a program that signs transactions and nothing
 * else, as the functions do: it refuses other kinds, and needs no code for them.
 */
export function openTransactionKey(parameters: Parameters): LazySigningKey {
  return openKey(parameters, toTransactionDigest)
}
