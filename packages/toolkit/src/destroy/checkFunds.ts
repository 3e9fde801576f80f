import { InputError, isDescribed, quote } from '@keyward/core/errors'
import * as OnChain from '../node/OnChain.js'
import { readNetwork } from '../node/readNetwork.js'
import { parseRpcUrl } from '../node/rpcUrls.js'

/** A chain to ask. */
export type Chain = {
  /** The URL, as given. */
  network: string
  urls: readonly string[] | undefined
}

export type ChainAnswer =
  | { network: string; found: OnChain.OnChain }
  /** Why the funds on this chain are unknown. */
  | { network: string; unknown: string }

/**
 * Asks every chain for the account's funds.
 *
 * @param tokens - Contracts to ask in addition to the well-known ones.
 */
export async function checkFunds(
  address: string,
  chains: readonly Chain[],
  tokens: readonly string[],
): Promise<ChainAnswer[]> {
  return Promise.all(
    chains.map(async ({ network: name, urls }) => {
      const network = readNetwork(name)
      if (network === undefined)
        return { network: name, unknown: 'the network is not known' }
      if (urls === undefined)
        return {
          network: name,
          unknown:
            'no RPC endpoint is known (pass --rpc-url, or set RPC_URL or ETH_RPC_URL)',
        }
      try {
        const found = await OnChain.read({ urls, network, address, tokens })
        return { network: name, found }
      } catch (error) {
        if (!isDescribed(error)) throw error
        return { network: name, unknown: error.shortMessage }
      }
    }),
  )
}

/** @throws InputError if the text is not `name=url` */
export function parseAlsoNetwork(text: string): Chain {
  const at = text.indexOf('=')
  const name = text.slice(0, at)
  const url = text.slice(at + 1)
  if (at > 0 && url !== '' && readNetwork(name) !== undefined)
    return { network: name, urls: [parseRpcUrl(url)] }
  // The URL may contain a provider's key, so only the name is quoted.
  throw new InputError(
    at < 0
      ? 'The value of --also-network contains no "=".'
      : `--also-network ${quote(name)} is not a known network.`,
    {
      details:
        'Pass NAME=URL: a name such as polygon or a decimal chain id, and ' +
        'the URL of a node on that network.',
    },
  )
}

/** Funds that these checks can't detect. */
export const neverChecked: readonly string[] = [
  'other chains (--also-network NAME=URL)',
  'tokens that are not well known (--token ADDRESS), and NFTs',
  'Safes that the account owns, and their funds',
  'roles in contracts: owner, minter, upgrader, payee',
  'stakes, deposits, vesting, and future airdrops',
]
