import { InputError } from '@keyward/core/errors'
import type { Io } from '../Io.js'
import { findAccount } from '../key/findAccount.js'
import { isLocalChain } from '../networks/isLocalChain.js'
import { askChainId } from '../node/askChainId.js'
import { assertUrls } from '../node/rpcUrls.js'
import { reading } from '../reading.js'
import { addBalance } from './addBalance.js'

const usualWei = 100n * 10n ** 18n

/** Gives an account ether that exists only on the local chain. */
export async function fundAccount(
  io: Io,
  options: {
    address: string | undefined
    key: string | undefined
    amount: bigint | undefined
    urls: readonly string[] | undefined
  },
): Promise<{ address: string; added: bigint; wei: bigint }> {
  const { url, account } = await reading(() => ({
    url: localUrl(assertUrls(options.urls)),
    account: findAccount(io, options),
  }))
  if (!isLocalChain(await askChainId(url))) throw notLocal()
  const address = await account()
  const added = options.amount ?? usualWei
  const wei = await addBalance(url, address, added)
  return { address, added, wei }
}

/** @throws InputError */
function localUrl([url = '']: readonly string[]): string {
  if (/^http:\/\/(127\.|localhost|\[::1\])/.test(url)) return url
  throw notLocal()
}

function notLocal(): InputError {
  return new InputError("keyward fund works only on a local home's chain.", {
    details:
      'The command creates ether, which is possible only on that chain. Start a local home with keyward local and set the environment with eval "$(npx --no-install keyward env)". On other chains, send ether to the address that keyward key address prints.',
  })
}
