import { AddressField } from '@keyward/core'
import { isDescribed } from '@keyward/core/errors'
import { createRpc } from '@keyward/core/rpc'
import { readState, SafeFile } from '@keyward/safe'
import { readNetwork } from '../node/readNetwork.js'
import { environments } from '../stack/Template.js'
import { type Chain, checkFunds } from './checkFunds.js'
import type { DestroyRequest } from './DestroyRequest.js'
import type { Remains } from './findRemains.js'
import type { Holder } from './Plan.js'

/**
 * The Safe of a multisig, if it would be locked forever because too few owners
 * would remain after keys are deleted. The node returns the current owners and
 * threshold.
 */
export async function planSafe(
  { template }: Remains,
  holders: readonly Holder[],
  chains: readonly Chain[],
  { tokens }: DestroyRequest,
): Promise<Holder[]> {
  const text = [...environments(template ?? {}).values()].find(
    ({ SAFE }) => SAFE !== undefined,
  )?.SAFE
  // If no account is at risk or none was checked, the same is true of the Safe.
  const going = holders.filter((one) => one.chains !== undefined)
  if (typeof text !== 'string' || going.length === 0) return []
  const { domain } = SafeFile.fromJson(JSON.parse(text))
  const address = AddressField.toChecksum(domain.safe)
  const about = { role: 'safe', address, unknown: undefined }
  const chain = chains.find(
    ({ network }) => readNetwork(network)?.chainId === domain.chainId,
  )
  if (chain?.urls === undefined)
    return [{ ...about, chains: await checkFunds(address, chains, tokens) }]
  const { urls, network } = chain
  try {
    const rpc = createRpc({ urls, chainId: domain.chainId })
    const { owners, threshold } = await readState(rpc, domain)
    const lost = going.flatMap(({ address }) => address?.toLowerCase() ?? [])
    const left = owners.filter((owner) => !lost.includes(owner))
    if (left.length >= threshold) return []
    return [{ ...about, chains: await checkFunds(address, [chain], tokens) }]
  } catch (error) {
    if (!isDescribed(error)) throw error
    return [{ ...about, chains: [{ network, unknown: error.shortMessage }] }]
  }
}
