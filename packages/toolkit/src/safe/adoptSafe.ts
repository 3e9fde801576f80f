import { existsSync } from 'node:fs'
import { AddressField, type Hex, Network } from '@keyward/core'
import { createRpc } from '@keyward/core/rpc'
import { Pins, readState, SafeFile, type SafeState } from '@keyward/safe'
import { type Io, note } from '../Io.js'
import { askChainId } from '../node/askChainId.js'
import { findNetwork } from '../node/readNetwork.js'
import { assertUrls } from '../node/rpcUrls.js'
import { reading } from '../reading.js'
import { toColumns } from '../text/toColumns.js'
import { assertFree, readSafeFile, writeJson } from './safeFiles.js'

export type AdoptOptions = {
  address: string
  safeFile: string
  network: string | undefined
  urls: readonly string[] | undefined
  force: boolean
  yes: boolean
}

/** Pins a Safe in its current state, after the user has reviewed it. */
export async function adoptSafe(
  io: Io,
  options: AdoptOptions,
): Promise<ReturnType<typeof SafeFile.toJson>> {
  const { safeFile, force, yes } = options
  const { urls, network } = await reading(() => {
    assertFree(safeFile, '--safe-file', force)
    return {
      urls: assertUrls(options.urls),
      network: findNetwork(io, options.network),
    }
  })
  const earlier = existsSync(safeFile)
    ? await reading(() => readSafeFile(io, safeFile))
    : undefined
  const chainId = network?.chainId ?? (await askChainId(urls[0] ?? ''))
  const question = {
    target: undefined,
    action: `pins the Safe ${options.address}`,
    yes,
  }
  io.assertAskable(question)
  const rpc = createRpc({ urls, chainId })
  const domain = { chainId, safe: options.address.toLowerCase() as Hex }
  const state = await readState(rpc, domain)
  const file = { domain, pins: Pins.from(state) }
  note(io, stateText(file, state))
  const isSame =
    earlier?.domain.safe === domain.safe && earlier.domain.chainId === chainId
  if (isSame)
    for (const change of Pins.findChanges(earlier.pins, state))
      io.notify({ kind: 'failure', text: `Not as pinned: ${change}` })
  else if (earlier !== undefined)
    io.notify({
      kind: 'failure',
      text: `The file was for another Safe: ${AddressField.toChecksum(earlier.domain.safe)} on chain ${earlier.domain.chainId}`,
    })
  await io.confirm(question)
  const json = SafeFile.toJson(file)
  await writeJson(safeFile, json, force)
  return json
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
