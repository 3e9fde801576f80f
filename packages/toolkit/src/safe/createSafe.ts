import { AddressField, type Hex, Network } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { createRpc } from '@keyward/core/rpc'
import { SafeFile } from '@keyward/safe'
import { type Io, note } from '../Io.js'
import { askChainId } from '../node/askChainId.js'
import { findNetwork } from '../node/readNetwork.js'
import { assertUrls } from '../node/rpcUrls.js'
import { reading } from '../reading.js'
import type { Followed } from '../send/follow.js'
import type { SenderOptions } from '../send/readSender.js'
import { summarize } from '../send/summarize.js'
import { withSender } from '../send/withSender.js'
import {
  assertCreatable,
  type Creation,
  planCreation,
  readCreated,
} from './creation.js'
import { relay } from './relay.js'
import { assertFree, writeJson } from './safeFiles.js'

export type CreateOptions = SenderOptions & {
  owner: readonly string[]
  threshold: number
  saltNonce: bigint | undefined
  safeFile: string
  force: boolean
  timeout: number
  dryRun: boolean
  yes: boolean
}

type At = { safe: string; chainId: number; isMissing: boolean }

/** After a dry run: the transaction that would be sent. */
export type Planned = At & { to: string; data: Hex }

/** The transaction was sent, but is not known to be mined. */
export type Unfinished = { followed: Followed; chainId: number }

/** The Safe exists and is pinned. */
export type Created = At & { pins: SafeFile.SafeFile['pins'] }

/** Creates a Safe, reads its state, and writes the pins. */
export async function createSafe(
  io: Io,
  options: CreateOptions,
): Promise<Planned | Unfinished | Created> {
  const { plan, urls, network } = await reading(() => {
    if (!options.dryRun)
      assertFree(options.safeFile, '--safe-file', options.force)
    return {
      plan: planCreation({
        owners: toOwners(options.owner),
        threshold: options.threshold,
        saltNonce: options.saltNonce ?? 0n,
      }),
      urls: assertUrls(options.urls),
      network: findNetwork(io, options.network),
    }
  })
  const chainId = network?.chainId ?? (await askChainId(urls[0] ?? ''))
  const rpc = createRpc({ urls, chainId })
  const address = AddressField.toChecksum(plan.address)
  const isMissing = await assertCreatable(rpc, plan)
  const at = { safe: address, chainId, isMissing }
  if (options.dryRun)
    return { ...at, to: AddressField.toChecksum(plan.to), data: plan.data }
  note(io, planText(plan, chainId))
  if (isMissing) {
    const ended = await send(io, plan, { ...options, chainId, urls, rpc })
    if (ended !== undefined) return { followed: ended, chainId }
  }
  const file = await readCreated(rpc, plan)
  await writeJson(options.safeFile, SafeFile.toJson(file), options.force)
  return { ...at, pins: file.pins }
}

/** @returns undefined once the transaction is mined, otherwise its progress */
function send(
  io: Io,
  plan: Creation,
  options: CreateOptions & {
    chainId: number
    urls: readonly string[]
    rpc: ReturnType<typeof createRpc>
  },
): Promise<Followed | undefined> {
  const { chainId, urls, rpc, timeout: timeoutS, yes } = options
  const sender = { ...options, network: String(chainId) }
  return withSender(
    io,
    sender,
    () => undefined,
    async (access) => {
      const { address } = await access.status()
      note(
        io,
        `The transaction will be sent from ${address}, through ${access.label}.`,
      )
      await io.confirm({
        target: access.target,
        action: `creates the Safe ${AddressField.toChecksum(plan.address)}`,
        yes,
      })
      const call = {
        idempotencyKey: `safe-create-${chainId}-${plan.address}`,
        to: plan.to,
        data: plan.data,
      }
      const followed = await relay(io, access, call, {
        ...{ rpc, urls, timeoutS },
      })
      const { end } = summarize(followed, chainId)
      return end === 'mined' || end === 'unclear' ? undefined : followed
    },
  )
}

function planText({ address, safe }: Creation, chainId: number): string {
  return [
    `Safe ${AddressField.toChecksum(address)} on ${Network.fromChainId(chainId).name} (${chainId})`,
    `  ${safe.threshold} of ${safe.owners.length} owners:`,
    ...safe.owners.map((owner) => `  - ${AddressField.toChecksum(owner)}`),
  ].join('\n')
}

function toOwners(given: readonly string[]): Hex[] {
  if (given.length === 0)
    throw new InputError('No owner was given.', {
      details: 'Pass --owner with an address, once for each owner.',
    })
  return given.map((owner) => owner.toLowerCase() as Hex)
}
