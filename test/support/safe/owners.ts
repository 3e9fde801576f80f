import { type Hex, SigningKey } from '../../../packages/core/src/index.js'
import { createRpc } from '../../../packages/core/src/rpc/index.js'
import {
  Pins,
  type ReviewOptions,
  readState,
} from '../../../packages/safe/src/index.js'
import { createMemoryKey } from '../memoryKeyService.js'
import type { DeploySafeOptions, SafeChain } from './openSafeChain.js'

export type Owner = {
  key: SigningKey.SigningKey
  address: Hex
  privateKey: Hex
}

/** Keys as KMS has them: high s for half of the signatures, another k each time. */
async function createOwner(d?: bigint): Promise<Owner> {
  const { service, privateKey } = createMemoryKey(d === undefined ? {} : { d })
  const key = await SigningKey.connect({ service, keyId: 'owner' })
  const address = key.address.toLowerCase() as Hex
  return { key, address, privateKey }
}

export const createOwners = (count: number) =>
  Promise.all(Array.from({ length: count }, () => createOwner()))

const openRpc = (chain: SafeChain) =>
  createRpc({ urls: [chain.url], chainId: chain.chainId })

let salts = 1000n

/** A Safe on the chain with 2 ether, and what a co-signer knows of it. */
export async function openSafe(
  chain: SafeChain,
  options: Partial<DeploySafeOptions> & { owners: readonly Hex[] },
) {
  const { owners, threshold = 2, ...rest } = options
  const address = (
    await chain.deploySafe({
      owners,
      threshold,
      saltNonce: salts++,
      ...rest,
    })
  ).toLowerCase() as Hex
  await chain.fund(address, 2n * 10n ** 18n)
  const rpc = openRpc(chain)
  const domain = { chainId: chain.chainId, safe: address }
  const state = await readState(rpc, domain)
  const review: ReviewOptions = { rpc, pins: Pins.from(state) }
  return { address, domain, rpc, review }
}
