import { type Hex, Transaction } from '@keyward/core'
import { createNewest } from '../createNewest.js'
import type { SendRequest } from '../request/SendRequest.js'
import { LedgerItemError } from './errors.js'
import type { Account } from './TransactionRecord.js'

/**
 * An attempt is the request itself, a zero-value transfer in its place, or one
 * that fills a gap.
 */
export const purposes = ['request', 'cancel', 'filler'] as const
export type Purpose = (typeof purposes)[number]

/** The part of an attempt that the ledger stores. */
export type Stored = {
  /** 0 for the first; each later one replaces those before it. */
  index: number
  purpose: Purpose
  /** The bytes for `eth_sendRawTransaction`. */
  raw: Hex
  signedAt: number
  /**
   * Found on the chain. Signed with the key, but possibly by another program.
   */
  recognised?: true | undefined
}

/** The content of the signed bytes, decoded from the bytes themselves. */
export type Signed = {
  nonce: bigint
  hash: Hex
  gas: bigint
  /** Wei per gas; the gas price on chains without a base fee. */
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
  /** Lower case; undefined for a contract creation. */
  to: Hex | undefined
  value: bigint
  data: Hex
}

/** A signed transaction for a nonce; written once, before it is broadcast. */
export type Attempt = Stored & Signed

/**
 * Reads an attempt. Only the signed bytes in a row count: they must be signed
 * by the account, for this nonce and chain. A cancel or filler that is not a
 * zero-value transfer to the account itself is invalid.
 *
 * @param place - Location of the row, for messages.
 * @returns the attempt, and the fault of its row if only the bytes are valid
 * @throws LedgerItemError if the bytes are useless
 */
export async function read(
  stored: Stored,
  account: Account,
  nonce: bigint,
  place: string,
): Promise<{ attempt: Attempt; damage: LedgerItemError | undefined }> {
  const signed = await readSigned(stored.raw, account)
  if (signed === undefined)
    throw new LedgerItemError(
      place,
      `its signed bytes (raw) are not a transaction from ${account.address} on chain ${account.chainId}`,
    )
  if (signed.nonce !== nonce)
    throw new LedgerItemError(
      place,
      `its signed bytes (raw) are for nonce ${signed.nonce}, not ${nonce}`,
    )
  const { purpose } = stored
  if (purpose === 'request' || isNothing(signed, account))
    return { attempt: { ...stored, ...signed }, damage: undefined }
  return {
    attempt: { ...stored, ...signed, purpose: 'request' },
    damage: new LedgerItemError(
      place,
      `its purpose is ${purpose}, but its signed bytes (raw) are not a zero-value transfer to the account itself`,
    ),
  }
}

/** Undefined if the account did not sign these bytes for this chain. */
export async function readSigned(
  raw: Hex,
  account: Account,
): Promise<Signed | undefined> {
  const decoded = await decode(raw).catch(() => undefined)
  if (decoded === undefined) return undefined
  const { transaction, hash, from } = decoded
  if (from.toLowerCase() !== account.address) return undefined
  if (transaction.chainId !== account.chainId) return undefined
  const fees =
    'gasPrice' in transaction
      ? {
          maxFeePerGas: transaction.gasPrice,
          maxPriorityFeePerGas: transaction.gasPrice,
        }
      : {
          maxFeePerGas: transaction.maxFeePerGas,
          maxPriorityFeePerGas: transaction.maxPriorityFeePerGas,
        }
  return {
    nonce: transaction.nonce,
    hash,
    gas: transaction.gas,
    ...fees,
    to: transaction.to?.toLowerCase() as Hex | undefined,
    value: transaction.value,
    data: transaction.data.toLowerCase() as Hex,
  }
}

/** Whether the bytes do what a request asks for. */
export function isOf(
  {
    to,
    value,
    data,
  }: Pick<Signed, 'value' | 'data'> & { to?: Hex | undefined },
  request: Pick<SendRequest, 'to' | 'value' | 'data'>,
): boolean {
  return (
    to === request.to?.toLowerCase() &&
    value === request.value &&
    data === request.data.toLowerCase()
  )
}

/**
 * Like {@link isOf}, but without comparing the payload. Also true for a
 * zero-value transfer.
 */
export function mayBeOf(
  signed: Signed,
  { to, value }: Pick<SendRequest, 'to' | 'value'>,
  account: Account,
): boolean {
  const isLike = signed.to === to?.toLowerCase() && signed.value === value
  return isLike || isNothing(signed, account)
}

/**
 * The attempts for a request's nonce that do what the request asks for, and
 * zero-value transfers. The labels in the rows are not trusted.
 */
export function ofRequest(
  attempts: readonly Attempt[],
  request: SendRequest,
  account: Account,
): Attempt[] {
  return attempts.flatMap((one) => {
    if (one.purpose !== 'request' || isOf(one, request)) return [one]
    return isNothing(one, account) ? [{ ...one, purpose: 'cancel' }] : []
  })
}

/** A zero-value transfer to the account itself. */
export function isNothing(
  { to, value, data }: Signed,
  { address }: Account,
): boolean {
  return to === address && value === 0n && data === '0x'
}

/** Transactions that a reconciler reads again in every run. */
const kept = createNewest<Hex, ReturnType<typeof Transaction.decode>>(1000)
const maxKeptLength = 4096

function decode(raw: Hex): ReturnType<typeof Transaction.decode> {
  const known = kept.get(raw)
  if (known !== undefined) return known
  const decoded = Transaction.decode(raw)
  if (raw.length <= maxKeptLength) kept.set(raw, decoded)
  return decoded
}
