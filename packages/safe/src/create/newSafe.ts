import type { Hex } from '@keyward/core'
import { encodeCall, SafeFunctions as Safe, toWord } from '@keyward/guard/calls'
import * as ContractAddress from 'ox/ContractAddress'
import * as Hash from 'ox/Hash'
import { zeroAddress } from '../SafeTransaction.js'
import { latest } from '../state/deployments.js'

/** A planned Safe. */
export type NewSafe = {
  /** At least one, without duplicates. */
  readonly owners: readonly Hex[]
  readonly threshold: number
  /**
   * Any number. With a different number, the same owners get a different
   * address.
   */
  readonly saltNonce: bigint
  /**
   * Whether the Safe emits events for indexers. @default true, because indexers
   * off mainnet need them
   */
  readonly isL2?: boolean | undefined
}

/** Calldata that turns the proxy into a Safe; the address depends on it. */
export function encodeSetup({ owners, threshold }: NewSafe): Hex {
  return encodeCall(Safe.setup, [
    owners,
    BigInt(threshold),
    zeroAddress,
    '0x',
    latest.fallbackHandler,
    zeroAddress,
    0n,
    zeroAddress,
  ])
}

/** The transaction that creates the Safe; anyone can send it. */
export function toCreation(safe: NewSafe): { to: Hex; data: Hex } {
  return {
    to: latest.proxyFactory,
    data: encodeCall(Safe.createProxyWithNonce, [
      singletonOf(safe),
      encodeSetup(safe),
      safe.saltNonce,
    ]),
  }
}

/** The Safe's address, known before its creation (CREATE2). */
export function predictAddress(safe: NewSafe): Hex {
  const salt = Hash.keccak256(
    `${Hash.keccak256(encodeSetup(safe))}${toWord(safe.saltNonce)}`,
  )
  return ContractAddress.fromCreate2({
    from: latest.proxyFactory,
    salt,
    bytecodeHash: proxyCodeHashes[singletonOf(safe)],
  }).toLowerCase() as Hex
}

/** keccak256 of the creation code of a proxy, including its singleton. */
const proxyCodeHashes = {
  [latest.singletonL2]:
    '0xe298282cefe913ab5d282047161268a8222e4bd4ed106300c547894bbefd31ee',
  [latest.singleton]:
    '0x76733d705f71b79841c0ee960a0ca880f779cde7ef446c989e6d23efc0a4adfb',
} as const

const singletonOf = ({ isL2 = true }: NewSafe) =>
  isL2 ? latest.singletonL2 : latest.singleton
