import { LambdaClient } from '@aws-sdk/client-lambda'
import { invoke } from '../../aws/invoke.js'
import { formatEther } from '../../text/formatEther.js'
import { rpc } from '../rpc.js'
import { currentFees, fund, fundsWei, receiver } from './chain.js'
import { type Mined, mine } from './mine.js'

/** The output line of `keyward demo --json`. */
export type DemoResult = {
  address: string
  keyId: string
  eip1559: Mined
  legacy: Mined
}

/** The local home that the demo uses. */
export type DemoHome = {
  endpoint: string
  rpcUrl: string | undefined
  region: string
  keys(): readonly { keyId: string; address?: string }[]
  credentials(as: 'operator'): { accessKeyId: string; secretAccessKey: string }
}

/**
 * Runs the system's main flow on a running home: it funds the key's account,
 * has each signer function sign, broadcasts, and checks what was mined.
 */
export async function runFlow(
  home: DemoHome,
  say: (text: string) => void,
): Promise<DemoResult> {
  const [key] = home.keys()
  const { rpcUrl } = home
  if (key?.address === undefined || rpcUrl === undefined)
    throw new Error('The local home started without its key or its chain.')
  const { address, keyId } = key
  say(`     AWS endpoint ${home.endpoint}, chain ${rpcUrl}`)

  say(
    `2. KMS generated a key, which never leaves KMS.
     key id  ${keyId}
     address ${address}`,
  )

  say(
    `3. Funding the address with ${formatEther(fundsWei)} ether of the test chain,
     because a new account can't pay fees.`,
  )
  await fund(rpcUrl, address)

  const client = new LambdaClient({
    endpoint: home.endpoint,
    region: home.region,
    credentials: home.credentials('operator'),
  })
  try {
    const fees = await currentFees(rpcUrl)
    const nonce = Number(
      await rpc<string>(rpcUrl, 'eth_getTransactionCount', [address, 'latest']),
    )
    say(
      `4. Asking the function keyward-dev-eip1559-signer, through the Lambda API, to
     sign a transfer of 0.001 ether to ${receiver},
     with EIP-1559 fees (type 2).`,
    )
    const modern = await invoke(client, 'keyward-dev-eip1559-signer', {
      operation: 'sign',
      dst_address: receiver,
      amount: '0.001',
      nonce,
      max_fee_per_gas: fees.max.toString(),
      max_priority_fee_per_gas: fees.priority.toString(),
    })
    const eip1559 = await mine(rpcUrl, address, {
      raw: modern.signed_tx_payload,
      hash: modern.signed_tx_hash,
    })
    sayMined(eip1559)

    say(
      `5. Asking keyward-dev-legacy-signer to sign the same transfer, with a gas
     price (type 0).`,
    )
    const old = await invoke(client, 'keyward-dev-legacy-signer', {
      operation: 'sign',
      dst_address: receiver,
      amount: '0.001',
      nonce: nonce + 1,
      gas_price: fees.max.toString(),
    })
    const legacy = await mine(rpcUrl, address, {
      raw: old.signed_tx,
      hash: old.signed_tx_hash,
    })
    sayMined(legacy)

    const left = BigInt(
      await rpc(rpcUrl, 'eth_getBalance', [address, 'latest']),
    )
    say(
      `6. Done: two transactions, each signed by one call to KMS. The account has
     ${formatEther(left)} ether left.`,
    )
    return { address, keyId, eip1559, legacy }
  } finally {
    client.destroy()
  }

  function sayMined(mined: Mined): void {
    say(
      `     The function had KMS sign the digest, and returned the signed transaction.
     Broadcast and mined in block ${mined.blockNumber}: ${mined.status}.
     hash    ${mined.hash}
     The signature recovers to the key's address,
     ${mined.from}.`,
    )
  }
}
