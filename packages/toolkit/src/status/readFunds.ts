import { isDescribed, maskHex } from '@keyward/core/errors'
import * as OnChain from '../node/OnChain.js'
import { readNetwork } from '../node/readNetwork.js'
import type { AccountStatus } from '../stack/readStatus.js'

/** The chain's answer, or the reason why it wasn't asked. */
export type Funds = OnChain.OnChain | { unknown: string }

export type FundedAccount = AccountStatus & { funds: Funds }
export type FundedAccounts = readonly [FundedAccount, ...FundedAccount[]]

/** @param name - The network's name; undefined if hidden. */
export async function readFunds(
  urls: readonly string[] | undefined,
  { address, pin }: AccountStatus,
  name: string | undefined,
): Promise<Funds> {
  const account = address.address ?? pin ?? undefined
  if (account === undefined) return { unknown: 'the address is not known' }
  const network = readNetwork(name)
  if (network === undefined) return { unknown: 'the network is not known' }
  if (urls === undefined)
    return {
      unknown:
        'no RPC endpoint is known (pass --rpc-url, or set RPC_URL or ETH_RPC_URL)',
    }
  try {
    return await OnChain.read({ urls, network, address: account })
  } catch (error) {
    if (isDescribed(error)) return { unknown: error.shortMessage }
    const text = error instanceof Error ? error.message : String(error)
    return { unknown: `Error: ${maskHex(text)}`.split('\n')[0] ?? '' }
  }
}
