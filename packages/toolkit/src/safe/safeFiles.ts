import { existsSync } from 'node:fs'
import type { Hex } from '@keyward/core'
import { InputError, quote } from '@keyward/core/errors'
import { createRpc, type Rpc } from '@keyward/core/rpc'
import { assertSameSafe, type Danger, Proposal, SafeFile } from '@keyward/safe'
import type { Io } from '../Io.js'
import { assertUrls } from '../node/rpcUrls.js'
import { parseJson, readInput, readJson, sourceName } from '../readInput.js'
import { reading } from '../reading.js'
import { writeWholeFile } from '../wholeFile.js'

export type SafeOptions = {
  safeFile: string
  urls: readonly string[] | undefined
}

/** A Safe, and the node to ask about it. */
export type OpenedSafe = {
  file: SafeFile.SafeFile
  rpc: Rpc
  urls: readonly string[]
}

/** @throws InputError, InvalidRequestError, as usage errors */
export function openSafe(io: Io, options: SafeOptions): Promise<OpenedSafe> {
  return reading(async () => {
    const urls = assertUrls(options.urls)
    const file = await readSafeFile(io, options.safeFile)
    const rpc = createRpc({ urls, chainId: file.domain.chainId })
    return { file, rpc, urls }
  })
}

/** @throws InputError, InvalidRequestError */
export async function readSafeFile(
  io: Io,
  path: string,
): Promise<SafeFile.SafeFile> {
  const flag = '--safe-file'
  const bytes = await readInput(io, path, flag)
  return SafeFile.fromJson(parseJson(bytes, sourceName(path, flag)))
}

/**
 * Reads a bundle, or an answer of Safe's transaction service, which doesn't
 * name its chain.
 *
 * @throws InputError, InvalidRequestError, ProposalMismatchError,
 * BadConfirmationError, OtherSafeError, all as usage errors
 */
export function readProposal(
  io: Io,
  path: string,
  file?: SafeFile.SafeFile,
): Promise<Proposal.Proposal> {
  return reading(async () => {
    const json = await readJson(io, path)
    const chainId = file?.domain.chainId
    const proposal = await Proposal.fromBundle(json, { chainId })
    if (file !== undefined) assertSameSafe(file, proposal)
    return proposal
  })
}

/**
 * Reads a bundle without parsing it, for functions that parse it themselves.
 * @throws InputError
 */
export function readBundle(io: Io, path: string): Promise<unknown> {
  return reading(() => readJson(io, path))
}

/**
 * Makes the file readable by everyone: it contains nothing secret and is sent
 * to other owners.
 */
export function writeJson(path: string, value: unknown, replace: boolean) {
  const text = `${JSON.stringify(value, null, 2)}\n`
  return writeWholeFile(path, text, { mode: 0o644, replace })
}

export function rulesOf(options: {
  open: readonly Danger.Danger[]
  openCall: readonly string[]
}): Danger.Rules {
  const openCalls = options.openCall.map((each) => each.toLowerCase() as Hex)
  return { open: options.open, openCalls }
}

/** Checks an output file before anything else is done. @throws InputError */
export function assertFree(path: string, flag: string, force: boolean): void {
  if (force || !existsSync(path)) return
  throw new InputError(`${flag} ${quote(path)} already exists.`, {
    details: 'Choose another file name, or pass --force to overwrite the file.',
  })
}
