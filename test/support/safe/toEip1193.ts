import { createWalletClient, type Hex, http, type LocalAccount } from 'viem'
import { foundry } from 'viem/chains'

export type Eip1193 = {
  request(call: {
    readonly method: string
    readonly params?: readonly unknown[] | object
  }): Promise<unknown>
}

/**
 * An account before a chain, as a wallet offers it by EIP-1193. It signs
 * messages, typed data and transactions; the chain answers the rest.
 *
 * @param account viem's, which `toAccount` makes of a KMS key
 */
export function toEip1193(account: LocalAccount, url: string): Eip1193 {
  const client = createWalletClient({
    account,
    chain: foundry,
    transport: http(url, { retryCount: 0 }),
  })

  /** @throws {Error} for another account */
  function assertOwn(address: string) {
    if (address.toLowerCase() !== account.address.toLowerCase())
      throw new Error(`${address} is not the account ${account.address}`)
  }

  return {
    async request({ method, params }) {
      const [first, second] = (params ?? []) as [never, never]
      switch (method) {
        case 'eth_accounts':
        case 'eth_requestAccounts':
          return [account.address]
        case 'personal_sign':
          assertOwn(second)
          return account.signMessage({ message: { raw: first } })
        case 'eth_signTypedData_v4': {
          assertOwn(first)
          const typedData = second as unknown
          return account.signTypedData(
            typeof typedData === 'string' ? JSON.parse(typedData) : typedData,
          )
        }
        case 'eth_sendTransaction':
          return sendTransaction(first)
        default:
          return client.request({ method, params } as never)
      }
    },
  }

  async function sendTransaction(transaction: Record<string, string>) {
    const { from, to, data, value, gas } = transaction
    assertOwn(from ?? '')
    return client.sendTransaction({
      to: to as Hex,
      ...(data !== undefined && { data: data as Hex }),
      ...(value !== undefined && { value: BigInt(value) }),
      ...(gas !== undefined && { gas: BigInt(gas) }),
    })
  }
}
