import { InputError } from '@keyward/core/errors'
import { formatEther, reading, toColumns } from '@keyward/toolkit'
import { findAccount } from '@keyward/toolkit/key'
import { isLocalChain } from '@keyward/toolkit/networks'
import { askChainId, assertUrls } from '@keyward/toolkit/node'
import type { Result } from '../../output/Result.js'
import type { Terminal } from '../../terminal/Terminal.js'
import { addBalance } from './addBalance.js'

const usualWei = 100n * 10n ** 18n

/** Gives an account ether that exists on the local chain alone. */
export async function fundAccount(
  terminal: Terminal,
  options: {
    address: string | undefined
    key: string | undefined
    amount: bigint | undefined
    urls: readonly string[] | undefined
  },
): Promise<Result> {
  const { url, account } = await reading(() => ({
    url: localUrl(assertUrls(options.urls)),
    account: findAccount(terminal, options),
  }))
  if (!isLocalChain(await askChainId(url))) throw notLocal()
  const address = await account()
  const added = options.amount ?? usualWei
  const wei = await addBalance(url, address, added)
  return {
    data: { address, addedWei: String(added), wei: String(wei) },
    text: toColumns([
      ['address', address],
      ['added', `${formatEther(added)} ETH`],
      ['balance', `${formatEther(wei)} ETH`],
    ]),
  }
}

/** @throws InputError */
function localUrl([url = '']: readonly string[]): string {
  if (/^http:\/\/(127\.|localhost|\[::1\])/.test(url)) return url
  throw notLocal()
}

function notLocal(): InputError {
  return new InputError("fund works on a local home's chain only.", {
    details:
      'It makes ether out of nothing, which no other chain does. Start the home with keyward local and set the environment with eval "$(npx --no-install keyward env)"; elsewhere, send ether to the address of keyward key address.',
  })
}
