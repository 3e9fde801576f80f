import { Network } from '@keyward/core'
import type { Io } from '../Io.js'
import { findAccount } from '../key/findAccount.js'
import { reading } from '../reading.js'
import { askChainId } from './askChainId.js'
import * as OnChain from './OnChain.js'
import { findNetwork } from './readNetwork.js'
import { assertUrls } from './rpcUrls.js'

export type BalanceOptions = {
  address: string | undefined
  key: string | undefined
  network: string | undefined
  tokens: readonly string[]
  urls: readonly string[] | undefined
}

/** Reads an account's balance, transactions and tokens on a chain. */
export async function readBalance(
  io: Io,
  options: BalanceOptions,
): Promise<{
  address: string
  network: Network.Network
  found: OnChain.OnChain
}> {
  const { tokens } = options
  const { urls, named, account } = await reading(() => ({
    urls: assertUrls(options.urls),
    named: findNetwork(io, options.network),
    account: findAccount(io, options),
  }))
  const address = await account()
  // Returns the given chain, or else the one that the endpoint serves.
  const network = named ?? Network.fromChainId(await askChainId(urls[0] ?? ''))
  const found = await OnChain.read({ urls, network, address, tokens })
  return { address, network, found }
}
