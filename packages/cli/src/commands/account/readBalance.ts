import { Network } from '@keyward/core'
import { reading, toColumns } from '@keyward/toolkit'
import { findAccount } from '@keyward/toolkit/key'
import {
  askChainId,
  assertUrls,
  findNetwork,
  OnChain,
} from '@keyward/toolkit/node'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'

export type BalanceOptions = {
  address: string | undefined
  key: string | undefined
  network: string | undefined
  tokens: readonly string[]
  urls: readonly string[] | undefined
}

/** What an account has on a chain. */
export async function readBalance(
  terminal: Terminal,
  options: BalanceOptions,
): Promise<Result> {
  const { tokens } = options
  const { urls, named, account } = await reading(() => ({
    urls: assertUrls(options.urls),
    named: findNetwork(terminal, options.network),
    account: findAccount(terminal, options),
  }))
  const address = await account()
  // The chain that was named, or else the one that the endpoint serves.
  const network = named ?? Network.fromChainId(await askChainId(urls[0] ?? ''))
  const found = await OnChain.read({ urls, network, address, tokens })
  return {
    data: { address, ...OnChain.toJson(found) },
    text: toColumns([
      ['address', address],
      ['network', `${network.name} (${network.chainId})`],
      ['balance', OnChain.format(found)],
      ['sent', `${found.nonce}, and ${found.waiting} waiting`],
    ]),
  }
}
