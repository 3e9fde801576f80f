import * as Address from 'ox/Address'
import * as Quote from '../parse/Quote.js'
import { InvalidTransactionError } from './InvalidTransactionError.js'
import * as Sidecars from './Sidecars.js'
import type { Unsigned } from './Unsigned.js'

/** EIP-155's v, 2 x chain id + 36, must be an exact number. */
export const maxLegacyChainId = 4_503_599_627_370_477

/** Nodes store gas in 64 bits. */
const maxGas = 2n ** 64n - 1n
const maxNonce = 2n ** 64n - 1n
const maxUint256 = 2n ** 256n - 1n

const common = ['type', 'chainId', 'nonce', 'gas', 'value', 'data', 'to']
const blobs = ['blobVersionedHashes', 'sidecars']
const lists = ['maxFeePerGas', 'maxPriorityFeePerGas', 'accessList']
const fieldsOf: Record<Unsigned['type'], readonly string[]> = {
  legacy: ['gasPrice'],
  eip2930: ['gasPrice', 'accessList'],
  eip1559: lists,
  eip4844: [...lists, 'maxFeePerBlobGas', 'to'],
  eip7702: [...lists, 'authorizationList', 'to'],
}

/**
 * Refuses fields that don't form a valid transaction. ox would encode a missing
 * quantity as zero, and hex with an odd length or invalid letters as is, and
 * that would be signed.
 *
 * @throws InvalidTransactionError without the values, because people paste keys
 * into the wrong field
 */
export function assertTransaction(transaction: Unsigned): void {
  const { type, chainId } = transaction
  if (!Object.hasOwn(fieldsOf, type))
    throw new InvalidTransactionError(
      'its type is missing or unknown; allowed: legacy, eip2930, eip1559, eip4844 or eip7702',
    )
  assertChainId(chainId, type)
  const { nonce, data, to } = transaction
  if (typeof nonce !== 'bigint' || nonce < 0n || nonce >= maxNonce)
    throw new InvalidTransactionError(
      'nonce is not a bigint from 0 to 2^64-2 (EIP-2681)',
    )
  if (assertQuantity('gas', transaction.gas) > maxGas)
    throw new InvalidTransactionError('gas is above 2^64-1')
  assertQuantity('value', transaction.value)
  assertHex('data', data)
  if (to !== undefined) assertAddress('the recipient (to)', to)
  const values = transaction as unknown as Record<string, unknown>
  // A policy would see an unknown field even though it isn't signed.
  for (const name in values)
    if (values[name] !== undefined && !isField(type, name))
      throw new InvalidTransactionError(
        `${Quote.name(name)} is not a field of type ${type}`,
      )
  for (const name of fieldsOf[type])
    if (name === 'to') assertPresent('the recipient (to)', to, type)
    else if (name === 'accessList') assertAccessList(values[name])
    else if (name === 'authorizationList') assertAuthorizations(values[name])
    else assertQuantity(name, values[name])
  if (toCost(transaction) > maxUint256)
    throw new InvalidTransactionError(
      'gas x price + value is above 2^256-1, which no account can pay',
    )
  if (transaction.type === 'eip4844') {
    const { blobVersionedHashes } = transaction
    if (!Array.isArray(blobVersionedHashes) || blobVersionedHashes.length === 0)
      throw new InvalidTransactionError(
        'blobVersionedHashes must be an array with at least one item',
      )
    for (const hash of blobVersionedHashes)
      if (!/^0x01[0-9a-fA-F]{62}$/.test(hash))
        throw new InvalidTransactionError(
          'an item in blobVersionedHashes is not 0x01 followed by 62 hex digits',
        )
    const { sidecars } = transaction
    if (sidecars !== undefined) Sidecars.assert(sidecars, blobVersionedHashes)
  }
}

function isField(type: Unsigned['type'], name: string): boolean {
  return (
    common.includes(name) ||
    fieldsOf[type].includes(name) ||
    (type === 'eip4844' && blobs.includes(name))
  )
}

/** @throws InvalidTransactionError */
export function assertChainId(chainId: unknown, type?: string): void {
  if (!Number.isSafeInteger(chainId) || (chainId as number) < 1)
    throw new InvalidTransactionError(
      `${describeChainId(chainId)}; allowed: an integer from 1 to 2^53-1`,
    )
  if (type === 'legacy' && (chainId as number) > maxLegacyChainId)
    throw new InvalidTransactionError(
      `its chain id is ${chainId}, but the largest for a legacy transaction is ${maxLegacyChainId}; use type eip1559`,
    )
}

/** A value that is not a number may be a secret, so only its type is shown. */
function describeChainId(chainId: unknown): string {
  if (chainId === undefined) return 'its chain id is missing'
  return typeof chainId === 'number'
    ? `its chain id is ${chainId}`
    : `its chain id is of type ${typeof chainId}`
}

function assertAddress(
  name: string,
  address: unknown,
  what?: 'authorization',
): void {
  if (typeof address !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(address))
    throw new InvalidTransactionError(
      `${name} is not 0x followed by 40 hex digits`,
      what,
    )
  const lower = address.toLowerCase() as Address.Address
  if (address !== lower && address !== Address.checksum(lower))
    throw new InvalidTransactionError(
      `${name} has a wrong EIP-55 checksum; check it for a mistyped digit`,
      what,
    )
}

function assertPresent(name: string, value: unknown, type: string): void {
  if (value === undefined)
    throw new InvalidTransactionError(
      `${name} is missing; type ${type} can't create a contract`,
    )
}

function assertQuantity(name: string, value: unknown): bigint {
  if (typeof value !== 'bigint' || value < 0n || value > maxUint256)
    throw new InvalidTransactionError(
      `${name} is not a bigint from 0 to 2^256-1`,
    )
  return value
}

/** The most that the transaction can cost the account, as nodes compute it. */
function toCost(transaction: Unsigned): bigint {
  const { gas, value } = transaction
  const { type } = transaction
  const price =
    type === 'legacy' || type === 'eip2930'
      ? transaction.gasPrice
      : transaction.maxFeePerGas
  return gas * price + value
}

function assertHex(name: string, value: unknown): void {
  if (
    typeof value !== 'string' ||
    !value.startsWith('0x') ||
    value.length % 2 !== 0 ||
    /[^0-9a-fA-F]/.test(value.slice(2))
  )
    throw new InvalidTransactionError(
      `${name} is not 0x followed by an even number of hex digits`,
    )
}

function assertAccessList(value: unknown): void {
  if (!Array.isArray(value))
    throw new InvalidTransactionError('accessList is not an array')
  for (const { address, storageKeys } of value) {
    assertAddress('the address of an accessList entry', address)
    if (!Array.isArray(storageKeys))
      throw new InvalidTransactionError(
        'the storageKeys field of an accessList entry is not an array',
      )
    for (const key of storageKeys)
      if (!/^0x[0-9a-fA-F]{64}$/.test(key))
        throw new InvalidTransactionError(
          'a storage key in accessList is not 0x followed by 64 hex digits',
        )
  }
}

function assertAuthorizations(value: unknown): void {
  if (!Array.isArray(value) || value.length === 0)
    throw new InvalidTransactionError(
      'authorizationList must be an array with at least one item',
    )
  for (const { address, chainId, nonce } of value)
    assertAuthorization({ address, chainId, nonce })
}

/** @throws InvalidTransactionError */
export function assertAuthorization(authorization: {
  address: unknown
  chainId: unknown
  nonce: unknown
}): void {
  const { address, chainId, nonce } = authorization
  if (!Number.isSafeInteger(chainId) || (chainId as number) < 0)
    throw new InvalidTransactionError(
      `${describeChainId(chainId)}; allowed: an integer from 0 to 2^53-1`,
      'authorization',
    )
  if (typeof nonce !== 'bigint' || nonce < 0n || nonce >= maxNonce)
    throw new InvalidTransactionError(
      'its nonce is not a bigint from 0 to 2^64-2',
      'authorization',
    )
  assertAddress('its address', address, 'authorization')
}
