import { AddressField, type Hex, Network } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { createRpc } from '@keyward/core/rpc'
import { SafeFile } from '@keyward/safe'
import { note, reading, toColumns } from '@keyward/toolkit'
import { askChainId, assertUrls, findNetwork } from '@keyward/toolkit/node'
import {
  assertCreatable,
  type Creation,
  planCreation,
  readCreated,
  relay,
} from '@keyward/toolkit/safe'
import {
  type SenderOptions,
  summarize,
  withSender,
} from '@keyward/toolkit/send'
import { followedResult } from '../../output/followedResult.js'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { assertFree, writeJson } from './openSafe.js'

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

/** Creates a Safe, reads what came of it, and writes down its pins. */
export async function createSafe(
  terminal: Terminal,
  options: CreateOptions,
): Promise<Result> {
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
      network: findNetwork(terminal, options.network),
    }
  })
  const chainId = network?.chainId ?? (await askChainId(urls[0] ?? ''))
  const rpc = createRpc({ urls, chainId })
  const address = AddressField.toChecksum(plan.address)
  const isMissing = await assertCreatable(rpc, plan)
  if (options.dryRun)
    return {
      data: {
        dryRun: true,
        safe: address,
        chainId,
        exists: !isMissing,
        to: AddressField.toChecksum(plan.to),
        data: plan.data,
      },
      text: toColumns([
        ['safe', `${address}${isMissing ? '' : ', which is there already'}`],
        ['to', AddressField.toChecksum(plan.to)],
        ['data', plan.data],
        ['nothing', 'was sent'],
      ]),
    }
  note(terminal, planText(plan, chainId))
  if (isMissing) {
    const ended = await send(terminal, plan, { ...options, chainId, urls, rpc })
    if (ended !== undefined) return ended
  }
  const file = await readCreated(rpc, plan)
  await writeJson(options.safeFile, SafeFile.toJson(file), options.force)
  return {
    data: {
      safe: address,
      chainId,
      owners: file.pins.owners.map(AddressField.toChecksum),
      threshold: file.pins.threshold,
      created: isMissing,
      file: options.safeFile,
    },
    text: toColumns([
      ['safe', `${address}${isMissing ? '' : ', which was there already'}`],
      [
        'approve',
        `${file.pins.threshold} of ${file.pins.owners.length} owners`,
      ],
      ['pinned in', options.safeFile],
    ]),
  }
}

/** @returns undefined once it is mined; else how far it came */
function send(
  terminal: Terminal,
  plan: Creation,
  options: CreateOptions & {
    chainId: number
    urls: readonly string[]
    rpc: ReturnType<typeof createRpc>
  },
): Promise<Result | undefined> {
  const { chainId, urls, rpc, timeout: timeoutS, yes } = options
  const sender = { ...options, network: String(chainId) }
  return withSender(
    terminal,
    sender,
    () => undefined,
    async (access) => {
      const { address } = await access.status()
      note(terminal, `Sent by ${address}, by ${access.label}.`)
      await terminal.confirm({
        target: access.target,
        action: `creates the Safe ${AddressField.toChecksum(plan.address)}`,
        yes,
      })
      const call = {
        idempotencyKey: `safe-create-${chainId}-${plan.address}`,
        to: plan.to,
        data: plan.data,
      }
      const followed = await relay(terminal, access, call, {
        ...{ rpc, urls, timeoutS },
      })
      const { end } = summarize(followed, chainId)
      return end === 'mined' || end === 'unclear'
        ? undefined
        : followedResult(followed, chainId, options)
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
    throw new InputError('No owner is named.', {
      details: 'Give --owner with an address, once for each owner.',
    })
  return given.map((owner) => owner.toLowerCase() as Hex)
}
