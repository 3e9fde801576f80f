import { Transaction } from '@keyward/core'
import {
  createMemoryLedger,
  createRpc,
  createSender,
  SendRequest,
} from '@keyward/sender'
import { formatEther } from '../../text/formatEther.js'
import { withTokenKey } from '../../token/openTokenKey.js'
import { currentFees, fund, fundsWei, receiver } from './chain.js'
import { findMined, type Mined, MismatchError, mine } from './mine.js'
import type { openDemoToken } from './openDemoToken.js'
import type { DemoResult } from './runFlow.js'

/** anvil's chain id. */
const chainId = 31337

/**
 * Like {@link runFlow}, but with a key on a token and the library in this
 * process.
 */
export async function runTokenFlow(
  rpcUrl: string,
  { options, keyId }: Awaited<ReturnType<typeof openDemoToken>>,
  say: (text: string) => void,
): Promise<DemoResult> {
  return withTokenKey(options, keyId, async (key) => {
    const { address } = key
    say(
      `2. A SoftHSM2 token generated a key, which never leaves the token.
     name    ${keyId}
     address ${address}`,
    )
    say(
      `3. Funding the address with ${formatEther(fundsWei)} ether of the test chain.`,
    )
    await fund(rpcUrl, address)

    say(
      `4. Sending 0.001 ether to ${receiver} with the library's sender, in
     this process, with EIP-1559 fees (type 2). Its ledger is in memory.`,
    )
    const rpc = createRpc({ urls: [rpcUrl], chainId })
    const sender = createSender({ key, ledger: createMemoryLedger(), rpc })
    const event = {
      idempotency_key: 'demo-1',
      dst_address: receiver,
      amount: '0.001',
    }
    const sent = await sender.send(SendRequest.fromEvent(event, { chainId }))
    if (sent.hash === undefined)
      throw new MismatchError('The sender did not send anything.')
    const eip1559 = await findMined(rpcUrl, address, sent.hash)
    sayMined(eip1559)

    say(
      '5. Signing the same transfer with a gas price (type 0), and sending it.',
    )
    const { max } = await currentFees(rpcUrl)
    const signed = await Transaction.sign(key, {
      ...{ type: 'legacy', chainId, nonce: 1n, gas: 21_000n, gasPrice: max },
      ...{ to: receiver, value: 10n ** 15n, data: '0x' },
    })
    const legacy = await mine(rpcUrl, address, signed)
    sayMined(legacy)
    const left = BigInt(
      String(await rpc.request('eth_getBalance', [address, 'latest'])),
    )
    say(
      `6. Done: two transactions, each signed once by the token. The account has
     ${formatEther(left)} ether left.`,
    )
    return { address, keyId, eip1559, legacy }
  })

  function sayMined(mined: Mined): void {
    say(
      `     Mined in block ${mined.blockNumber}: ${mined.status}.
     hash    ${mined.hash}
     The signature recovers to ${mined.from}.`,
    )
  }
}
