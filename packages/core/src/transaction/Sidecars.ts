import type { Hex } from 'ox/Hex'
import * as Rlp from 'ox/Rlp'
import { InvalidTransactionError } from './InvalidTransactionError.js'

/** One proof per blob, as nodes required before Osaka (EIP-4844). */
export type BlobProofs = {
  blobs: readonly Hex[]
  commitments: readonly Hex[]
  /** One per blob. */
  proofs: readonly Hex[]
}

/** One proof per cell of a blob, as nodes require since Osaka (EIP-7594). */
export type CellProofs = {
  blobs: readonly Hex[]
  commitments: readonly Hex[]
  /** 128 per blob. */
  cellProofs: readonly Hex[]
}

/** Blobs and their proofs. They travel with a transaction but aren't signed. */
export type Sidecars = BlobProofs | CellProofs

export const cellsPerBlob = 128
const blobBytes = 131_072
const pointBytes = 48
const wrapperVersion = '0x01'

/** @throws InvalidTransactionError if the sidecars are malformed */
export function assert(sidecars: Sidecars, hashes: readonly Hex[]): void {
  const { blobs, commitments } = sidecars
  const has = { proofs: 'proofs' in sidecars, cells: 'cellProofs' in sidecars }
  if (has.proofs === has.cells)
    fail('must have either proofs (EIP-4844) or cellProofs (EIP-7594)')
  assertItems('blobs', blobs, hashes.length, blobBytes)
  assertItems('commitments', commitments, hashes.length, pointBytes)
  if ('proofs' in sidecars)
    assertItems('proofs', sidecars.proofs, hashes.length, pointBytes)
  else
    assertItems(
      ...(['cellProofs', sidecars.cellProofs] as const),
      ...([hashes.length * cellsPerBlob, pointBytes] as const),
    )
}

function assertItems(
  name: string,
  items: unknown,
  count: number,
  bytes: number,
): void {
  if (!Array.isArray(items) || items.length !== count)
    fail(
      `must have ${count} ${count === 1 ? 'item' : 'items'} in ${name} to match blobVersionedHashes`,
    )
  for (const item of items as unknown[])
    if (
      typeof item !== 'string' ||
      item.length !== 2 + 2 * bytes ||
      !/^0x[0-9a-fA-F]*$/.test(item)
    )
      fail(`has an item in ${name} that is not ${bytes} bytes of hex`)
}

function fail(reason: string): never {
  throw new InvalidTransactionError(`sidecars ${reason}`)
}

/** Wraps the body and its blobs for the network. */
export function wrap(body: Hex, sidecars: Sidecars): Hex {
  const fields = Rlp.toHex(`0x${body.slice(4)}`)
  const { blobs, commitments } = sidecars
  const wrapper =
    'proofs' in sidecars
      ? [fields, blobs, commitments, sidecars.proofs]
      : [fields, wrapperVersion, blobs, commitments, sidecars.cellProofs]
  return `0x03${Rlp.fromHex(wrapper as never).slice(2)}`
}

/** Splits raw bytes into the body and the blobs, if there are any. */
export function unwrap(raw: Hex): { body: Hex; sidecars?: Sidecars } {
  const items = Rlp.toHex(`0x${raw.slice(4)}`) as readonly unknown[]
  const [fields, ...rest] = items
  if (!Array.isArray(fields)) return { body: raw }
  const body: Hex = `0x03${Rlp.fromHex(fields as never).slice(2)}`
  const isVersioned = rest[0] === wrapperVersion
  const lists = (isVersioned ? rest.slice(1) : rest) as Hex[][]
  const [blobs, commitments, proofs] = lists
  if (lists.length !== 3 || !lists.every(Array.isArray))
    fail('has neither the EIP-4844 nor the EIP-7594 format')
  if (!blobs || !commitments || !proofs) return { body }
  const common = { blobs, commitments }
  const sidecars = isVersioned
    ? { ...common, cellProofs: proofs }
    : { ...common, proofs }
  return { body, sidecars }
}
