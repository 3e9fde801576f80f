import { existsSync } from 'node:fs'
import { AddressField, type Hex, Network } from '@keyward/core'
import { createRpc } from '@keyward/core/rpc'
import { Pins, readState, SafeFile, type SafeState } from '@keyward/safe'
import { note, reading, toColumns } from '@keyward/toolkit'
import { askChainId, assertUrls, findNetwork } from '@keyward/toolkit/node'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { styleFor } from '../../terminal/Terminal.js'
import { assertFree, readSafeFile, writeJson } from './openSafe.js'

export type AdoptOptions = {
  address: string
  safeFile: string
  network: string | undefined
  urls: readonly string[] | undefined
  force: boolean
  yes: boolean
}

/** Pins a Safe as it is now, after somebody has looked at it. */
export async function adoptSafe(
  terminal: Terminal,
  options: AdoptOptions,
): Promise<Result> {
  const { safeFile, force, yes } = options
  const { urls, network } = await reading(() => {
    assertFree(safeFile, '--safe-file', force)
    return {
      urls: assertUrls(options.urls),
      network: findNetwork(terminal, options.network),
    }
  })
  const earlier = existsSync(safeFile)
    ? await reading(() => readSafeFile(terminal, safeFile))
    : undefined
  const chainId = network?.chainId ?? (await askChainId(urls[0] ?? ''))
  const question = {
    target: undefined,
    action: `pins the Safe ${options.address}`,
    yes,
  }
  terminal.assertAskable(question)
  const rpc = createRpc({ urls, chainId })
  const domain = { chainId, safe: options.address.toLowerCase() as Hex }
  const state = await readState(rpc, domain)
  const file = { domain, pins: Pins.from(state) }
  note(terminal, stateText(file, state))
  const isSame =
    earlier?.domain.safe === domain.safe && earlier.domain.chainId === chainId
  const { red } = styleFor(terminal.stderr, terminal.env)
  if (isSame)
    for (const change of Pins.findChanges(earlier.pins, state))
      note(terminal, red(`Changed: ${change}`))
  else if (earlier !== undefined)
    note(
      terminal,
      red(
        `The file was for another Safe: ${AddressField.toChecksum(earlier.domain.safe)} on chain ${earlier.domain.chainId}`,
      ),
    )
  await terminal.confirm(question)
  const json = SafeFile.toJson(file)
  await writeJson(safeFile, json, force)
  return {
    data: { ...json, file: safeFile },
    text: toColumns([
      ['safe', json.safe],
      ['pinned in', safeFile],
    ]),
  }
}

function stateText({ domain, pins }: SafeFile.SafeFile, state: SafeState) {
  const checksum = AddressField.toChecksum
  const { name } = Network.fromChainId(domain.chainId)
  const orNone = (address: Hex) =>
    BigInt(address) === 0n ? 'none' : checksum(address)
  return toColumns([
    ['safe', checksum(domain.safe)],
    ['network', `${name} (${domain.chainId})`],
    ['version', `${state.version}, ${checksum(pins.singleton)}`],
    ['approve', `${pins.threshold} of ${pins.owners.length} owners`],
    ...pins.owners.map((owner) => ['owner', checksum(owner)] as const),
    ...(pins.modules.length === 0
      ? [['modules', 'none'] as const]
      : pins.modules.map((one) => ['module', checksum(one)] as const)),
    ['guard', orNone(pins.guard)],
    ['handler', orNone(pins.fallbackHandler)],
    ['next nonce', String(state.nonce)],
  ])
}
