import { Network } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import {
  type Danger,
  type Outcome,
  prepareExecution,
  type Review,
} from '@keyward/safe'
import { type Io, note } from '../Io.js'
import { findNetwork } from '../node/readNetwork.js'
import { reading } from '../reading.js'
import type { SenderOptions } from '../send/readSender.js'
import { withSender } from '../send/withSender.js'
import type { Unfinished } from './createSafe.js'
import { execute } from './execute.js'
import {
  openSafe,
  readProposal,
  rulesOf,
  type SafeOptions,
} from './safeFiles.js'

export type ExecuteOptions = SenderOptions &
  SafeOptions & {
    in: string
    open: readonly Danger.Danger[]
    openCall: readonly string[]
    timeout: number
    yes: boolean
  }

/** According to the Safe's own log. */
export type Executed = { safeTx: string; execution: Outcome.Execution }

/**
 * Executes, exactly once, a proposal that enough owners have signed, and
 * reports the Safe's log.
 */
export async function executeProposal(
  io: Io,
  options: ExecuteOptions,
  show: (seen: Review) => void,
): Promise<Executed | Unfinished> {
  const { timeout: timeoutS, yes } = options
  const { file, rpc, urls } = await openSafe(io, options)
  const { chainId } = file.domain
  await reading(() => assertChain(io, options.network, chainId))
  const proposal = await readProposal(io, options.in, file)
  const { safeTx } = proposal
  const rules = rulesOf(options)
  const sender = { ...options, network: String(chainId) }
  const read = () => undefined
  return withSender(io, sender, read, async (access) => {
    const { address: relayer } = await access.status()
    const executable = await prepareExecution(
      { rpc, file, proposal, relayer, rules },
      show,
    )
    if ('outcome' in executable) {
      note(io, 'The proposal was already executed, so nothing was sent.')
      return { safeTx, execution: executable }
    }
    note(
      io,
      `The transaction will be sent from ${relayer}, through ${access.label}.`,
    )
    await io.confirm({
      target: access.target,
      action: `executes the Safe transaction ${safeTx}`,
      yes,
    })
    const ended = await execute(io, access, proposal, executable, {
      ...{ rpc, urls, timeoutS },
    })
    return 'outcome' in ended
      ? { safeTx, execution: ended }
      : { followed: ended, chainId }
  })
}

/** @throws InputError if the given chain is not the safe file's */
function assertChain(io: Io, given: string | undefined, chainId: number): void {
  const named = given === undefined ? undefined : findNetwork(io, given)
  if (named === undefined || named.chainId === chainId) return
  throw new InputError(`--network ${named.name} is not the Safe's chain.`, {
    details: `The Safe is on ${Network.fromChainId(chainId).name} (${chainId}). Leave out --network, or pass another --safe-file.`,
  })
}
