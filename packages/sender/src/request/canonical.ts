import { createHash } from 'node:crypto'
import type { SendRequest } from './SendRequest.js'

/** The request as it is kept: fields in one order, quantities in decimal. */
export function toJson(request: SendRequest): string {
  const { accessList } = request
  return JSON.stringify({
    // A checksum is another spelling of the same address.
    to: request.to?.toLowerCase(),
    value: request.value.toString(),
    data: request.data.toLowerCase(),
    gas: request.gas?.toString(),
    accessList: accessList.length === 0 ? undefined : accessList,
    speed: request.speed,
    maxFeePerGas: request.maxFeePerGas?.toString(),
    maxPriorityFeePerGas: request.maxPriorityFeePerGas?.toString(),
    exactFee: request.exactFee,
    validUntil: request.validUntil,
    idempotencyKey: request.idempotencyKey,
  })
}

/** The inverse of {@link toJson}; for what the ledger itself has written. */
export function fromJson(text: string): SendRequest {
  const json = JSON.parse(text)
  const big = (name: string) =>
    json[name] === undefined ? {} : { [name]: BigInt(json[name]) }
  return {
    ...(json.to === undefined ? {} : { to: json.to }),
    value: BigInt(json.value),
    data: json.data,
    ...big('gas'),
    accessList: json.accessList ?? [],
    speed: json.speed,
    ...big('maxFeePerGas'),
    ...big('maxPriorityFeePerGas'),
    ...(json.exactFee === true ? { exactFee: true } : {}),
    ...(json.validUntil === undefined ? {} : { validUntil: json.validUntil }),
    idempotencyKey: json.idempotencyKey,
  }
}

/** Binds an idempotency key to what was asked for, and of which account. */
export function hash(
  request: SendRequest,
  account: { chainId: number; address: string },
): string {
  const text = `${account.chainId}\n${account.address}\n${toJson(request)}`
  return createHash('sha256').update(text).digest('hex')
}

/**
 * The id of a caller's request: the same however often and wherever it is
 * made, so that the row of the transaction is the idempotency's row as well.
 */
export function transactionId(caller: string, idempotencyKey: string): string {
  return createHash('sha256')
    .update(JSON.stringify([caller, idempotencyKey]))
    .digest('hex')
    .slice(0, 40)
}
