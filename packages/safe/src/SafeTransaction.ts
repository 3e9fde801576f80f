import { type Hex, TypedData } from '@keyward/core'
import * as OxTypedData from 'ox/TypedData'

/**
 * The transaction that a Safe executes and its owners sign: EIP-712's `SafeTx`.
 */
export type SafeTransaction = {
  readonly to: Hex
  /** In wei. */
  readonly value: bigint
  readonly data: Hex
  /**
   * 0 calls `to`; 1 runs the code at `to` as the Safe itself (delegatecall).
   */
  readonly operation: 0 | 1
  /**
   * Gas for the inner call. If it is 0, the call gets all available gas, and a
   * failure reverts everything.
   */
  readonly safeTxGas: bigint
  /** For a refund: gas paid in addition to the gas used. */
  readonly baseGas: bigint
  /**
   * For a refund: if it is above 0, the Safe pays the account that executes the
   * transaction.
   */
  readonly gasPrice: bigint
  readonly gasToken: Hex
  readonly refundReceiver: Hex
  /** The Safe's nonce, not the sending account's. */
  readonly nonce: bigint
}

/**
 * Identifies a Safe on its chain: the EIP-712 domain of everything its owners
 * sign.
 */
export type SafeDomain = {
  readonly chainId: number
  /** Lower case. */
  readonly safe: Hex
}

export const zeroAddress: Hex = `0x${'00'.repeat(20)}`

const safeTxFields = [
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'data', type: 'bytes' },
  { name: 'operation', type: 'uint8' },
  { name: 'safeTxGas', type: 'uint256' },
  { name: 'baseGas', type: 'uint256' },
  { name: 'gasPrice', type: 'uint256' },
  { name: 'gasToken', type: 'address' },
  { name: 'refundReceiver', type: 'address' },
  { name: 'nonce', type: 'uint256' },
] as const

const domainFields = [
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const

/** Creates a transaction without a refund or its own gas limit. */
export function create(
  given: Pick<SafeTransaction, 'to' | 'nonce'> & Partial<SafeTransaction>,
): SafeTransaction {
  return {
    value: 0n,
    data: '0x',
    operation: 0,
    safeTxGas: 0n,
    baseGas: 0n,
    gasPrice: 0n,
    gasToken: zeroAddress,
    refundReceiver: zeroAddress,
    ...given,
  }
}

/**
 * The typed data that every owner signs, from version 1.3.0 of the contract on.
 */
export function toTypedData(
  { chainId, safe }: SafeDomain,
  transaction: SafeTransaction,
): TypedData.TypedData {
  return {
    domain: { chainId, verifyingContract: safe },
    types: { EIP712Domain: domainFields, SafeTx: safeTxFields },
    primaryType: 'SafeTx',
    message: { ...transaction },
  }
}

/** A transaction's hash, and its parts for comparison on a second screen. */
export type Hashes = {
  /** Hash of the Safe and its chain. */
  domain: Hex
  /** Hash of the fields. */
  message: Hex
  /**
   * Hash of both. Owners sign it, and the contract calls it the transaction's
   * hash.
   */
  safeTx: Hex
}

/** @throws InvalidTypedDataError if a field is out of range */
export function hash(safe: SafeDomain, transaction: SafeTransaction): Hashes {
  const hashes = hashTypedData(toTypedData(safe, transaction))
  return {
    safeTx: hashes.whole,
    domain: hashes.domain,
    message: hashes.message,
  }
}

/** Hashes typed data and its two parts. @throws InvalidTypedDataError */
export function hashTypedData(typedData: TypedData.TypedData) {
  const { domain, types, primaryType, message } = typedData
  return {
    whole: TypedData.getSignPayload(typedData),
    domain: OxTypedData.hashDomain({ domain, types } as never),
    message: OxTypedData.hashStruct({
      ...{ primaryType, types, data: message },
    } as never),
  }
}
