// What a viem user writes: a wallet client with viem's nonce manager, over an
// account on the AWS SDK.
import { createWalletClient, http, nonceManager } from 'viem'
import { foundry } from 'viem/chains'
import { runAtOnce } from '../support/runAtOnce.mjs'
import { KMSClient } from './kms.mjs'
import { createViemAccount } from './viemAccount.mjs'

const { kms, keyId, rpcUrl, to } = JSON.parse(process.argv[2])
const account = await createViemAccount(new KMSClient(kms), keyId)
const client = createWalletClient({
  account: { ...account, nonceManager },
  chain: foundry,
  transport: http(rpcUrl),
})

process.on('message', async ({ count, atOnce }) => {
  const cpu = process.cpuUsage()
  const hashes = []
  const failures = {}
  await runAtOnce(count, atOnce, async () => {
    try {
      hashes.push(await client.sendTransaction({ to, value: 1n }))
    } catch (error) {
      const text = String(error.details ?? error.shortMessage).slice(0, 60)
      failures[text] = (failures[text] ?? 0) + 1
    }
  })
  const { user, system } = process.cpuUsage(cpu)
  process.send({ hashes, failures, cpuMs: (user + system) / 1000 })
})
process.send('ready')
