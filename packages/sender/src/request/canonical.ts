import { createHash } from 'node:crypto'
import type { AccessList, Hex } from '@keyward/core'
import type { Request as SendRequest } from './Request.js'

/**
 * A request as stored, in two parts: its terms, and its payload if there is
 * any. Terms contain the payload's hash, so they can be checked and listed
 * without the payload, which may have 256 kB.
 */
export type Kept = { terms: string; payload: string | undefined }

/** A request without its payload. */
export type Terms = Omit<SendRequest, 'data' | 'accessList'>

/** Fields in one order, quantities in decimal. */
export function toKept(request: SendRequest): Kept {
  const payload = toPayload(request)
  return {
    terms: JSON.stringify({
      // A checksum is only another spelling of the same address.
      to: request.to?.toLowerCase(),
      value: request.value.toString(),
      gas: request.gas?.toString(),
      speed: request.speed,
      maxFeePerGas: request.maxFeePerGas?.toString(),
      maxPriorityFeePerGas: request.maxPriorityFeePerGas?.toString(),
      // False is the same as missing.
      exactFee: request.exactFee || undefined,
      validUntil: request.validUntil,
      notARepeat: request.notARepeat || undefined,
      idempotencyKey: request.idempotencyKey,
      payload: payload === undefined ? undefined : sha256(payload),
    }),
    payload,
  }
}

/**
 * The inverse of {@link toKept}; only for text that the ledger itself wrote.
 */
export function termsFromJson(text: string): Terms & { payload?: string } {
  const json = JSON.parse(text)
  const big = (name: string) =>
    json[name] === undefined ? {} : { [name]: BigInt(json[name]) }
  const given = (name: string) =>
    json[name] === undefined ? {} : { [name]: json[name] }
  return {
    ...given('to'),
    value: BigInt(json.value),
    ...big('gas'),
    speed: json.speed,
    ...big('maxFeePerGas'),
    ...big('maxPriorityFeePerGas'),
    ...given('exactFee'),
    ...given('validUntil'),
    ...given('notARepeat'),
    idempotencyKey: json.idempotencyKey,
    ...given('payload'),
  }
}

/** @throws if the payload is not the one that the terms name */
export function fromKept({ terms, payload }: Kept): SendRequest {
  return complete(termsFromJson(terms), payload)
}

/** Like {@link fromKept}, for terms that are already parsed. */
export function complete(
  { payload: named, ...rest }: ReturnType<typeof termsFromJson>,
  payload: string | undefined,
): SendRequest {
  const came = payload === undefined ? undefined : sha256(payload)
  if (named !== came) throw new Error('another payload')
  const { data, accessList } =
    payload === undefined ? nothing : JSON.parse(payload)
  return { ...rest, data, accessList }
}

/** A deep copy. */
export function copy(request: SendRequest): SendRequest {
  return fromKept(toKept(request))
}

/** Binds an idempotency key to the request and the account. */
export function hash(
  request: SendRequest,
  account: { chainId: number; address: string },
): string {
  return hashTerms(toKept(request).terms, account)
}

export function hashTerms(
  terms: string,
  { chainId, address }: { chainId: number; address: string },
): string {
  return sha256(`${chainId}\n${address}\n${terms}`)
}

/**
 * The id of a caller's request. It is the same wherever it is computed, so the
 * transaction's row is also the row of its idempotency key.
 */
export function transactionId(caller: string, idempotencyKey: string): string {
  return sha256(JSON.stringify([caller, idempotencyKey])).slice(0, 40)
}

const nothing: { data: Hex; accessList: AccessList } = {
  data: '0x',
  accessList: [],
}

function toPayload({ data, accessList }: SendRequest): string | undefined {
  if (data === '0x' && accessList.length === 0) return undefined
  return JSON.stringify({
    data: data.toLowerCase(),
    accessList: accessList.map(({ address, storageKeys }) => ({
      address: address.toLowerCase(),
      storageKeys: storageKeys.map((key) => key.toLowerCase()),
    })),
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
