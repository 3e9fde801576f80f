import { type Hex, TypedData } from '@keyward/core'
import * as OxTypedData from 'ox/TypedData'

/** What a Safe executes, and what its owners sign: EIP-712's `SafeTx`. */
export type SafeTransaction = {
  readonly to: Hex
  /** In wei. */
  readonly value: bigint
  readonly data: Hex
  /** 0 calls `to`; 1 runs the code of `to` as the Safe itself (delegatecall). */
  readonly operation: 0 | 1
  /** Gas for the inner call; 0 is all there is, and fails as a whole. */
  readonly safeTxGas: bigint
  /** Of a refund: gas that is paid beside what was used. */
  readonly baseGas: bigint
  /** Of a refund: above 0 the Safe pays whoever executes it. */
  readonly gasPrice: bigint
  readonly gasToken: Hex
  readonly refundReceiver: Hex
  /** The Safe's, not the account's that sends it. */
  readonly nonce: bigint
}

/** Which Safe, where: the EIP-712 domain of everything that it is asked. */
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

/** Without what only a refund or a gas limit of its own needs. */
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

/** As every owner signs it, from version 1.3.0 of the contract on. */
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

/** Of one transaction: what is signed, and its parts to compare on a second screen. */
export type Hashes = {
  /** Of the Safe and its chain. */
  domain: Hex
  /** Of the fields. */
  message: Hex
  /** Of both: what owners sign and the contract calls the transaction's hash. */
  safeTx: Hex
}

/** @throws InvalidTypedDataError for fields that are out of range */
export function hash(safe: SafeDomain, transaction: SafeTransaction): Hashes {
  const hashes = hashTypedData(toTypedData(safe, transaction))
  return {
    safeTx: hashes.whole,
    domain: hashes.domain,
    message: hashes.message,
  }
}

/** Of typed data and of its two parts. @throws InvalidTypedDataError */
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
