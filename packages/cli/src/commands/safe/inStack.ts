import { setTimeout as pause } from 'node:timers/promises'
import type { Hex } from '@keyward/core'
import { DangerousTransactionError } from '@keyward/safe'
import {
  note,
  parseJson,
  readInput,
  reading,
  sourceName,
  toColumns,
} from '@keyward/toolkit'
import {
  type Answer,
  type MultisigAccess,
  type MultisigOptions,
  withMultisig,
} from '@keyward/toolkit/safe'
import type { Result } from '../../output/Result.js'
import { proposalText, wireText } from '../../output/safe/wireText.js'
import { styleFor, type Terminal } from '../../terminal/Terminal.js'
import { assertFree, writeJson } from './openSafe.js'

// The commands of a Safe where its owners are functions of a stack: these look,
// sign and send by themselves, and the command asks and shows.

type Options = MultisigOptions & { yes?: boolean }

/** Proposes calls, for the co-signers of the stack and of others. */
export function proposeInStack(
  terminal: Terminal,
  options: Options,
  fields: { calls: unknown; nonce: bigint | undefined },
): Promise<Result> {
  const { calls, nonce } = fields
  const event = { calls, ...(nonce !== undefined && { nonce: String(nonce) }) }
  return withMultisig(terminal, options, async (access) => {
    await terminal.confirm({
      target: access.target,
      action: `proposes it to the owners of ${options.stack}`,
      yes: options.yes === true,
    })
    return proposalResult(await access.coordinate('propose', event))
  })
}

/**
 * Shows what the owner's co-signer sees, asks, and has it sign.
 *
 * @param about - Its hash, or the file of a bundle.
 */
export async function approveInStack(
  terminal: Terminal,
  options: Options & { owner: number },
  about: { safeTx: Hex } | { file: string; out: string },
): Promise<Result> {
  const fields =
    'safeTx' in about
      ? { safe_tx_hash: about.safeTx }
      : { bundle: await readBundle(terminal, about.file) }
  const { owner, yes = false } = options
  return withMultisig(terminal, options, async (access) => {
    const seen = await access.cosign(owner, 'review', fields)
    const style = styleFor(terminal.stderr, terminal.env)
    note(terminal, wireText(seen, style))
    const findings = seen.findings as DangerousTransactionError['findings']
    if (findings.length > 0)
      throw new DangerousTransactionError(seen.safe_tx_hash as Hex, findings)
    await terminal.confirm({
      target: access.target,
      action: `has ${access.labelOf(owner)} sign the Safe transaction ${seen.safe_tx_hash}`,
      yes,
    })
    // What was shown is what is signed: a bundle of another hash is another one.
    const { bundle, ...answer } = await access.cosign(owner, 'approve', fields)
    if ('out' in about) await writeJson(about.out, bundle, true)
    return {
      data: { ...answer, ...('out' in about && { file: about.out }) },
      text: toColumns([
        ['SafeTx', String(answer.safe_tx_hash)],
        ['signed by', String(answer.owner)],
        ['signed', answer.signed_now === true ? 'now' : 'before'],
        ['proposal', 'out' in about ? about.out : undefined],
      ]),
    }
  })
}

/** Stops it, and proposes an empty call where somebody had signed. */
export function rejectInStack(
  terminal: Terminal,
  options: Options,
  safeTx: Hex,
): Promise<Result> {
  return withMultisig(terminal, options, async (access) => {
    await terminal.confirm({
      target: access.target,
      action: `rejects the Safe transaction ${safeTx}`,
      yes: options.yes === true,
    })
    const answer = await access.coordinate('reject', { safe_tx_hash: safeTx })
    const { replacement } = answer as { replacement: Answer | null }
    if (replacement === null) return proposalResult(answer)
    return {
      data: answer,
      text: [
        proposalText(answer),
        `In its place, to be approved and executed:\n${proposalText(replacement)}`,
      ].join('\n\n'),
    }
  })
}

/** Has the relayer send it, and waits for its end. */
export function executeInStack(
  terminal: Terminal,
  options: Options & { timeout: number },
  safeTx: Hex,
): Promise<Result> {
  const { timeout, yes = false } = options
  return withMultisig(terminal, options, async (access) => {
    const about = { safe_tx_hash: safeTx }
    await terminal.confirm({
      target: access.target,
      action: `executes the Safe transaction ${safeTx}`,
      yes,
    })
    let answer = await access.coordinate('execute', about)
    const until = Date.now() + timeout * 1000
    while (isOnItsWay(answer) && Date.now() < until) {
      await pause(Math.min(1000, until - Date.now()))
      answer = await access.coordinate('get', about)
    }
    const { status } = answer
    return proposalResult(
      answer,
      status === 'mined' ? 0 : isOnItsWay(answer) ? 3 : 1,
    )
  })
}

function isOnItsWay({ status, relayer }: Answer): boolean {
  const { receipt_status } = (relayer ?? {}) as { receipt_status?: string }
  return status === 'executing' && receipt_status !== 'reverted'
}

/** The Safe and what is proposed to it, or those that are named. */
export function statusInStack(
  terminal: Terminal,
  options: Options,
  safeTxs: readonly Hex[],
): Promise<Result> {
  return withMultisig(terminal, options, async (access) => {
    const status = await access.coordinate('status')
    const { proposals, damaged } = await readProposals(access, safeTxs)
    const changes = status.changes as string[]
    const { red } = styleFor(terminal.stdout, terminal.env)
    return {
      data: { ...status, proposals, damaged },
      text: [
        toColumns([
          ['safe', String(status.safe)],
          ['network', `${status.network} (${status.chain_id})`],
          ['pins', changes.length === 0 ? 'match' : red('DO NOT MATCH')],
          ...changes.map((change) => ['changed', red(change)] as const),
          [
            'approve',
            `${status.threshold} of ${(status.owners as string[]).length} owners`,
          ],
          ...(status.owners as string[]).map((one) => ['owner', one] as const),
          ['next nonce', String(status.nonce)],
          ['relayer', String(status.relayer)],
          ['trust', String(status.trust)],
        ]),
        ...proposals.map(proposalText),
        ...damaged.map((hash) =>
          red(`${hash}: its row is not what it says, and counts for nothing`),
        ),
      ].join('\n\n'),
      exitCode: changes.length === 0 ? 0 : 1,
    }
  })
}

async function readProposals(
  { coordinate }: MultisigAccess,
  safeTxs: readonly Hex[],
): Promise<{ proposals: Answer[]; damaged: string[] }> {
  if (safeTxs.length === 0) {
    const { proposals, damaged } = await coordinate('list')
    return { proposals: proposals as Answer[], damaged: damaged as string[] }
  }
  const proposals: Answer[] = []
  for (const safe_tx_hash of safeTxs)
    proposals.push(await coordinate('get', { safe_tx_hash }))
  return { proposals, damaged: [] }
}

/** The bundle for co-signers elsewhere, without signatures. */
export async function exportFromStack(
  terminal: Terminal,
  options: Options & { out: string | undefined; force: boolean },
  safeTx: Hex,
): Promise<Result> {
  const { out, force } = options
  if (out !== undefined) await reading(() => assertFree(out, '--out', force))
  return withMultisig(terminal, options, async (access) => {
    const { bundle } = await access.coordinate('export', {
      safe_tx_hash: safeTx,
    })
    if (out === undefined)
      return { data: bundle, text: JSON.stringify(bundle, null, 2) }
    await writeJson(out, bundle, force)
    return { data: { file: out }, text: toColumns([['written to', out]]) }
  })
}

/** Brings the signatures of bundles that were signed elsewhere. */
export async function importToStack(
  terminal: Terminal,
  options: Options,
  files: readonly string[],
): Promise<Result> {
  const bundles: unknown[] = []
  for (const file of files) bundles.push(await readBundle(terminal, file))
  return withMultisig(terminal, options, async (access) => {
    let answer: Answer = {}
    for (const bundle of bundles)
      answer = await access.coordinate('import', { bundle })
    return proposalResult(answer)
  })
}

function readBundle(terminal: Terminal, path: string): Promise<unknown> {
  return reading(async () =>
    parseJson(await readInput(terminal, path), sourceName(path)),
  )
}

function proposalResult(answer: Answer, exitCode: 0 | 1 | 3 = 0): Result {
  return { data: answer, text: proposalText(answer), exitCode }
}
