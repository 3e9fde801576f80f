import { Network } from '@keyward/core'
import { toColumns } from '@keyward/toolkit'
import {
  askChainId,
  assertUrls,
  findNetwork,
  OnChain,
} from '@keyward/toolkit/node'
import type { Result } from '../../output/Result.js'
import { reading } from '../../program/reading.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { keyAddress } from '../key/readKeyAddress.js'
import { accountOf } from './accountOf.js'

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
    account: accountOf(terminal, options),
  }))
  const address =
    'address' in account
      ? account.address
      : (await keyAddress(terminal, account.keyId)).data.address
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
