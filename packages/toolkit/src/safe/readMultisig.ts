import type { Hex } from '@keyward/core'
import type { Io } from '../Io.js'
import { reading } from '../reading.js'
import { assertFree, readBundle, writeJson } from './safeFiles.js'
import {
  type Answer,
  type MultisigAccess,
  type MultisigOptions,
  withMultisig,
} from './withMultisig.js'

/** The coordinator's view of the Safe and its proposals. */
export type MultisigStatus = Answer & {
  proposals: Answer[]
  /** Hashes of the rows that were tampered with. */
  damaged: string[]
}

/** @param safeTxs - The proposals to show; all of them if empty. */
export function readMultisig(
  io: Io,
  options: MultisigOptions,
  safeTxs: readonly Hex[],
): Promise<MultisigStatus> {
  return withMultisig(io, options, async (access) => ({
    ...(await access.coordinate('status')),
    ...(await readProposals(access, safeTxs)),
  }))
}

async function readProposals(
  { coordinate }: MultisigAccess,
  safeTxs: readonly Hex[],
): Promise<Pick<MultisigStatus, 'proposals' | 'damaged'>> {
  if (safeTxs.length === 0) {
    const { proposals, damaged } = await coordinate('list')
    return { proposals: proposals as Answer[], damaged: damaged as string[] }
  }
  const proposals: Answer[] = []
  for (const safe_tx_hash of safeTxs)
    proposals.push(await coordinate('get', { safe_tx_hash }))
  return { proposals, damaged: [] }
}

/**
 * Reads the bundle for co-signers elsewhere, without signatures, and writes it
 * to a file if one is given.
 */
export async function exportFromStack(
  io: Io,
  options: MultisigOptions & { out: string | undefined; force: boolean },
  safeTx: Hex,
): Promise<unknown> {
  const { out, force } = options
  if (out !== undefined) await reading(() => assertFree(out, '--out', force))
  return withMultisig(io, options, async ({ coordinate }) => {
    const { bundle } = await coordinate('export', { safe_tx_hash: safeTx })
    if (out !== undefined) await writeJson(out, bundle, force)
    return bundle
  })
}

/** Imports the signatures of bundles that were signed elsewhere. */
export async function importToStack(
  io: Io,
  options: MultisigOptions,
  files: readonly string[],
): Promise<Answer> {
  const bundles: unknown[] = []
  for (const file of files) bundles.push(await readBundle(io, file))
  return withMultisig(io, options, async ({ coordinate }) => {
    let answer: Answer = {}
    for (const bundle of bundles)
      answer = await coordinate('import', { bundle })
    return answer
  })
}
