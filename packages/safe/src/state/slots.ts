import type { Hex } from '@keyward/core'
import * as Hash from 'ox/Hash'
import { fromString } from 'ox/Hex'

/** Storage slots of a Safe of version 1.3.0 to 1.4.1, by number. */
const word = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

/** The contract whose code the Safe runs. */
export const singleton = word(0n)
export const ownerCount = word(3n)
export const threshold = word(4n)
export const nonce = word(5n)
export const guard = Hash.keccak256(fromString('guard_manager.guard.address'))
export const fallbackHandler = Hash.keccak256(
  fromString('fallback_manager.handler.address'),
)

/**
 * Modules and owners are linked lists in mappings: each entry names the next
 * one.
 */
export const moduleAfter = (address: Hex) => inMapping(address, 1n)
export const ownerAfter = (address: Hex) => inMapping(address, 2n)
/** Head and end of both lists. */
export const sentinel: Hex = `0x${'00'.repeat(19)}01`

/** Slot set by `approveHash`: not zero if the owner approved the hash. */
export function approvedHash(owner: Hex, safeTx: Hex): Hex {
  return Hash.keccak256(`${safeTx}${inMapping(owner, 8n).slice(2)}`)
}

function inMapping(address: Hex, mapping: bigint): Hex {
  const key = address.slice(2).toLowerCase().padStart(64, '0')
  return Hash.keccak256(`0x${key}${word(mapping).slice(2)}`)
}

export const toAddress = (slot: Hex): Hex =>
  `0x${slot.slice(-40).toLowerCase()}`
