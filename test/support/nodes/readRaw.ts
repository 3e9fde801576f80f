import {
  type Hex,
  keccak256,
  parseTransaction,
  recoverTransactionAddress,
  type TransactionSerialized,
} from 'viem'
import type { Call } from './serveNode.js'

/** A signed transaction as a pool sees it. */
export type Sent = {
  raw: Hex
  hash: Hex
  from: Hex
  to: Hex | undefined
  nonce: number
  gas: bigint
  value: bigint
  isLegacy: boolean
  isBlob: boolean
  /** Wei per gas; of a legacy transaction both are its gas price. */
  maxFee: bigint
  tip: bigint
}

/** What a call wants to send; undefined when it is no broadcast. */
export async function readSent(call: Call): Promise<Sent | undefined> {
  if (call.method !== 'eth_sendRawTransaction') return undefined
  return readRaw(String(call.params[0]))
}

/** @throws Error when it is no signed transaction */
export async function readRaw(text: string): Promise<Sent> {
  const raw = text as TransactionSerialized
  const parsed = parseTransaction(raw)
  const { gasPrice } = parsed
  return {
    raw,
    hash: keccak256(raw),
    from: (
      await recoverTransactionAddress({ serializedTransaction: raw })
    ).toLowerCase() as Hex,
    to: parsed.to?.toLowerCase() as Hex | undefined,
    nonce: parsed.nonce ?? 0,
    gas: parsed.gas ?? 0n,
    value: parsed.value ?? 0n,
    isLegacy: gasPrice !== undefined,
    isBlob: parsed.type === 'eip4844',
    maxFee: gasPrice ?? parsed.maxFeePerGas ?? 0n,
    tip: gasPrice ?? parsed.maxPriorityFeePerGas ?? 0n,
  }
}
