import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { createLocalHome, type LocalHome } from '@keyward/local'
import { Transaction } from 'ethers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { node24 } from '../../scripts/setup/node24.mjs'
import { root } from '../../scripts/setup/root.mjs'
import { assembly } from '../../scripts/synth.mjs'

let folder: string
let home: LocalHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyward-node24-'))
  home = await createLocalHome({
    dataDir: join(folder, 'home'),
    port: 0,
    chain: false,
    assembly: { directory: assembly },
  })
})
afterAll(async () => {
  await home.close()
  await rm(folder, { recursive: true, force: true })
})

const receiver = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const fees = {
  'eip1559-signer': { max_fee_per_gas: 2e9, max_priority_fee_per_gas: 1e9 },
  'legacy-signer': { gas_price: 2e9 },
}

// Node 24 comes as a package for this platform only; set-up says so elsewhere.
test.runIf(node24.available).each(Object.entries(fees))(
  '%s signs on the Node that Lambda has',
  async (kind, fee) => {
    const bundle = join(root, 'packages/lambda/dist', `${kind}.mjs`)
    const sign = {
      operation: 'sign',
      dst_address: receiver,
      amount: '0.25',
      nonce: 7,
      ...fee,
    }
    const { accessKeyId, secretAccessKey } = home.credentials('user')
    const { stderr } = await promisify(execFile)(
      node24.path,
      [
        join(root, 'test/node24/drive.mjs'),
        pathToFileURL(bundle).href,
        JSON.stringify({ operation: 'status' }),
        JSON.stringify(sign),
      ],
      {
        env: {
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
    expect(node).toMatch(/^v24\./)
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
  },
)
