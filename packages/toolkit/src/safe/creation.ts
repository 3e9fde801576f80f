import { AddressField, type Hex } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import type { Rpc } from '@keyward/core/rpc'
import {
  latestDeployment,
  NewSafe,
  Pins,
  readState,
  type SafeFile,
} from '@keyward/safe'

/** A planned Safe, and the transaction that creates it. */
export type Creation = {
  readonly safe: NewSafe.NewSafe
  readonly address: Hex
  readonly to: Hex
  readonly data: Hex
}

/** @throws InputError for owners or a threshold that the contract refuses */
export function planCreation(safe: NewSafe.NewSafe): Creation {
  const { owners, threshold } = safe
  if (new Set(owners).size !== owners.length)
    throw new InputError('--owner has the same account twice.', {
      details: 'Each owner must be a different account.',
    })
  const reserved = owners.find((owner) => BigInt(owner) < 2n)
  if (reserved !== undefined)
    throw new InputError(`--owner ${reserved} can't own a Safe.`, {
      details: 'The contract reserves this address.',
    })
  if (threshold > owners.length)
    throw new InputError(
      `--threshold ${threshold} is more than the number of owners (${owners.length}).`,
      {
        details:
          'The Safe could never execute a transaction. Pass a lower --threshold, or add owners.',
      },
    )
  return {
    safe,
    address: NewSafe.predictAddress(safe),
    ...NewSafe.toCreation(safe),
  }
}

/**
 * Checks whether the creation still has to be sent.
 *
 * @returns false if the Safe already exists
 * @throws InputError on a chain without Safe's contracts
 */
export async function assertCreatable(
  rpc: Rpc,
  { address, to }: Creation,
): Promise<boolean> {
  const hasCode = async (at: Hex) =>
    (await rpc.request('eth_getCode', [at, 'latest'])) !== '0x'
  if (await hasCode(address)) return false
  const { singletonL2, fallbackHandler, version } = latestDeployment
  for (const contract of [to, singletonL2, fallbackHandler])
    if (!(await hasCode(contract)))
      throw new InputError(
        `Safe ${version} is not deployed on this chain: there is no contract at ${contract}.`,
        { details: 'Nothing was sent. Check the network and its node.' },
      )
  return true
}

/**
 * Reads the created Safe and pins its state.
 *
 * @throws NotASafeError, InputError if the Safe has changed since
 */
export async function readCreated(
  rpc: Rpc,
  { safe, address }: Creation,
): Promise<SafeFile.SafeFile> {
  const domain = { chainId: rpc.chainId, safe: address }
  const state = await readState(rpc, domain)
  const sort = (list: readonly Hex[]) => [...list].sort().join()
  const isAsMeant =
    sort(state.owners) === sort(safe.owners) &&
    state.threshold === safe.threshold &&
    state.modules.length === 0 &&
    BigInt(state.guard) === 0n &&
    state.singleton === latestDeployment.singletonL2 &&
    state.fallbackHandler === latestDeployment.fallbackHandler
  if (!isAsMeant)
    throw new InputError(
      `The Safe at ${AddressField.toChecksum(address)} is not the one that you requested.`,
      {
        details:
          'Its owners or settings were changed after it was created. Pin it in its current state with keyward safe adopt, or choose another --salt-nonce.',
      },
    )
  return { domain, pins: Pins.from(state) }
}
