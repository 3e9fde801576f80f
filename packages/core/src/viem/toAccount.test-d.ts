import {
  type Account,
  createWalletClient,
  http,
  type LocalAccount,
  type WalletClient,
} from 'viem'
import { mainnet } from 'viem/chains'
import type { SigningKey } from '../SigningKey.js'
import { type KeywardAccount, toAccount } from './toAccount.js'

// Checked by tsc with everything else; never run.

declare const key: SigningKey

const account = toAccount(key) satisfies KeywardAccount
const asLocal: LocalAccount = account
const asAny: Account = account

const wallet = createWalletClient({
  account,
  chain: mainnet,
  transport: http(),
}) satisfies WalletClient

// Neither account nor chain has to be given again.
const sent: Promise<`0x${string}`> = wallet.sendTransaction({
  to: account.address,
  value: 1n,
})
const message: Promise<`0x${string}`> = account.signMessage({ message: 'x' })
const hash: Promise<`0x${string}`> = account.sign({ hash: '0x' })
const own = account.signAuthorization({
  address: account.address,
  chainId: 1,
  nonce: 0,
})
const authorization = wallet.signAuthorization({
  contractAddress: account.address,
})

// @ts-expect-error A key that may not know its address is no account.
toAccount({ ...key, address: undefined })

export const checked = {
  asLocal,
  asAny,
  sent,
  message,
  hash,
  own,
  authorization,
}
