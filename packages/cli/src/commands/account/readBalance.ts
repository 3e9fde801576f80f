import { Network } from '@keyward/core'
import { InputError } from '@keyward/core/errors'
import { toColumns } from '@keyward/toolkit'
import {
  askChainId,
  findNetwork,
  OnChain,
  parseAddress,
  requireRpcUrls,
} from '@keyward/toolkit/node'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { keyAddress } from '../key/readKeyAddress.js'

export type BalanceOptions = {
  address?: string | undefined
  key?: string | undefined
  network?: string | undefined
  token?: string[] | undefined
  rpcUrl?: string | undefined
}

/** What an account has on a chain. */
export async function readBalance(
  terminal: Terminal,
  options: BalanceOptions,
): Promise<Result> {
  const urls = requireRpcUrls(terminal, options.rpcUrl)
  const named = findNetwork(terminal, options.network)
  const tokens = (options.token ?? []).map((each) =>
    parseAddress(each, '--token'),
  )
  const given = options.address && parseAddress(options.address, '<address>')
  const address = given || (await addressOf(terminal, options.key))
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

async function addressOf(
  terminal: Terminal,
  given: string | undefined,
): Promise<string> {
  const keyId = given ?? terminal.env.AWS_KMS_KEY_ID
  if (keyId === undefined || keyId === '')
    throw new InputError('No account is named.', {
      details: 'Give an address, or --key, or set AWS_KMS_KEY_ID.',
    })
  return (await keyAddress(terminal, keyId)).data.address
}
