import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { LocalHome } from '@keyward/local'
import { Transaction } from 'ethers'
import { expect } from 'vitest'
import { root } from '../../scripts/setup/root.mjs'

const receiver = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const fees = {
  'eip1559-signer': { max_fee_per_gas: 2e9, max_priority_fee_per_gas: 1e9 },
  'legacy-signer': { gas_price: 2e9 },
}
type Kind = keyof typeof fees
export const kinds = Object.keys(fees) as Kind[]

/**
 * Has a signer's bundle tell its address and sign on another Node, as the key
 * user of a home, and checks what it signed.
 *
 * @param command - That runs this Node.
 * @param given - Variables beside the function's own.
 * @returns the version and processor of that Node
 */
export async function signOnNode(
  home: LocalHome,
  kind: Kind,
  [command = '', ...args]: readonly string[],
  given: Record<string, string> = {},
): Promise<string> {
  const bundle = join(root, 'packages/lambda/dist', `${kind}.mjs`)
  const sign = {
    operation: 'sign',
    dst_address: receiver,
    amount: '0.25',
    nonce: 7,
    ...fees[kind],
  }
  const { accessKeyId, secretAccessKey } = home.credentials('user')
  const { stderr } = await promisify(execFile)(
    command,
    [
      ...args,
      join(root, 'test/node24/drive.mjs'),
      pathToFileURL(bundle).href,
      JSON.stringify({ operation: 'status' }),
      JSON.stringify(sign),
    ],
    {
      env: {
        ...given,
        AWS_REGION: home.region,
        AWS_ENDPOINT_URL: home.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        KMS_KEY_ID: home.keys()[0]?.arn,
        ETH_NETWORK: 'local',
      },
    },
  )
  const { node, answers } = JSON.parse(stderr)
  const [status, signed] = answers
  expect(status.eth_checksum_address).toBe(home.keys()[0]?.address)
  const raw = signed.signed_tx_payload ?? signed.signed_tx
  expect(Transaction.from(raw)).toMatchObject({
    from: home.keys()[0]?.address,
    to: receiver,
    value: 250_000_000_000_000_000n,
    nonce: 7,
    chainId: 31337n,
    hash: signed.signed_tx_hash,
  })
  return node
}
