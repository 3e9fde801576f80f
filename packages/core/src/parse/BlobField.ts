import type { Hex } from 'ox/Hex'
import {
  chooseProofs,
  explainProofs,
  type Form,
} from '../transaction/SidecarForm.js'
import { cellsPerBlob, type Sidecars } from '../transaction/Sidecars.js'
import * as Fields from './Fields.js'
import * as HexField from './HexField.js'
import type { Parser } from './Parser.js'

const hash = HexField.fixed(32)
const maxBlobs = 128

/** The versioned hashes of a type 3 transaction (EIP-4844): at least one. */
export const parseHashes: Parser<Hex[]> = (value, path, problems) => {
  if (Array.isArray(value) && value.length === 0)
    return problems.wrong(path, value, 'at least one versioned hash')
  return hashes(value, path, problems)
}

const hashes = Fields.list<Hex>((value, path, problems) => {
  const parsed = hash(value, path, problems)
  if (parsed === undefined || parsed.startsWith('0x01')) return parsed
  return problems.add(
    path,
    'is not a version 1 hash; allowed: 0x01 followed by 62 hex digits',
  )
}, maxBlobs)

export type { Form }

const blobs = Fields.list(HexField.fixed(131_072), maxBlobs)
const points = Fields.list(HexField.fixed(48), maxBlobs)
const cellPoints = Fields.list(HexField.fixed(48), maxBlobs * cellsPerBlob)

const known = ['blobs', 'commitments', 'proofs', 'cellProofs']

/**
 * Parses sidecars. Their proofs are given, never computed: `proofs`,
 * `cellProofs`, or both, in which case the form decides which are used.
 *
 * @param form - The form the network accepts; if undefined, only one kind of
 * proof may be given.
 */
export const parseSidecars =
  (form: Form | undefined): Parser<Sidecars> =>
  (value, path, problems) => {
    const fields = Fields.open(value, known, path, problems)
    if (fields === undefined) return undefined
    const b = fields.required('blobs', blobs)
    const c = fields.required('commitments', points)
    const came = (['proofs', 'cellProofs'] as const).filter(fields.has)
    const name = chooseProofs(came, form)
    if (name === undefined) return problems.add(path, explainProofs(came, form))
    const list = name === 'proofs' ? points : cellPoints
    const p = fields.required(name, list)
    if (b === undefined || c === undefined || p === undefined) return undefined
    const perBlob = name === 'proofs' ? 1 : cellsPerBlob
    if (c.length !== b.length || p.length !== b.length * perBlob)
      return problems.add(
        path,
        `has ${b.length} blobs, ${c.length} commitments and ${p.length} ${name}; allowed: for each blob, 1 item in commitments and ${perBlob} in ${name}`,
      )
    const common = { blobs: b, commitments: c }
    return name === 'proofs'
      ? { ...common, proofs: p }
      : { ...common, cellProofs: p }
  }

export { versionedHash } from '../transaction/versionedHash.js'
