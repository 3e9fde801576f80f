import * as Hash from 'ox/Hash'
import type { Hex } from 'ox/Hex'
import * as Fields from './Fields.js'
import * as HexField from './HexField.js'
import type { Parser } from './Parser.js'

const hash = HexField.fixed(32)
const maxBlobs = 128
const cellsPerBlob = 128

/** The versioned hashes of a type 3 transaction (EIP-4844): at least one. */
export const parseHashes: Parser<Hex[]> = (value, path, problems) => {
  if (Array.isArray(value) && value.length === 0)
    return problems.wrong(path, value, 'at least one versioned hash')
  return hashes(value, path, problems)
}

const hashes = Fields.list<Hex>((value, path, problems) => {
  const parsed = hash(value, path, problems)
  if (parsed === undefined || parsed.startsWith('0x01')) return parsed
  return problems.add(path, 'is not of version 1; allowed: 0x01 and 62 digits')
}, maxBlobs)

/** Blobs with their proofs, as EIP-7594 sends them to the network. */
export type Sidecars = {
  blobs: readonly Hex[]
  commitments: readonly Hex[]
  /** 128 for each blob. */
  cellProofs: readonly Hex[]
}

const blobs = Fields.list(HexField.fixed(131_072), maxBlobs)
const commitments = Fields.list(HexField.fixed(48), maxBlobs)
const cellProofs = Fields.list(HexField.fixed(48), maxBlobs * cellsPerBlob)

/**
 * Sidecars in the form of EIP-7594. The older list of blob, commitment and
 * proof (EIP-4844's own wrapper) is refused: no network takes it any more.
 */
export const parseSidecars: Parser<Sidecars> = (value, path, problems) => {
  const known = ['blobs', 'commitments', 'cellProofs']
  const fields = Fields.open(value, known, path, problems)
  if (fields === undefined) return undefined
  const sidecars = {
    blobs: fields.required('blobs', blobs),
    commitments: fields.required('commitments', commitments),
    cellProofs: fields.required('cellProofs', cellProofs),
  }
  const { blobs: b, commitments: c, cellProofs: p } = sidecars
  if (b === undefined || c === undefined || p === undefined) return undefined
  if (c.length !== b.length || p.length !== b.length * cellsPerBlob)
    return problems.add(
      path,
      `has ${b.length} blobs, ${c.length} commitments and ${p.length} cell proofs; allowed: one commitment and ${cellsPerBlob} proofs for each blob`,
    )
  return { blobs: b, commitments: c, cellProofs: p }
}

/** The hash that names a blob's commitment in the transaction's body. */
export function versionedHash(commitment: Hex): Hex {
  return `0x01${Hash.sha256(commitment).slice(4)}`
}
