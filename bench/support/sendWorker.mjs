// Callers of one process: so many requests, so many at a time.
import { SigningKey } from '@keyward/core'
import { createKmsClient } from '@keyward/core/kms'
import { createLedger, createRpc, createSender } from '@keyward/sender'
import { runAtOnce } from './runAtOnce.mjs'

const { kms, dynamo, keyId, address, tableName, rpcUrl, chainId, to } =
  JSON.parse(process.argv[2])
const sender = createSender({
  key: SigningKey.open({
    service: createKmsClient(kms),
    keyId,
    expectedAddress: address,
  }),
  ledger: createLedger({ ...dynamo, tableName }),
  rpc: createRpc({ urls: [rpcUrl], chainId }),
})

process.on('message', async ({ prefix, count, atOnce }) => {
  const cpu = process.cpuUsage()
  const statuses = {}
  await runAtOnce(count, atOnce, async (index) => {
    const { status } = await sender.send({
      idempotencyKey: `${prefix}-${index}`,
      to,
      value: 1n,
      data: '0x',
      accessList: [],
      speed: 'normal',
    })
    statuses[status] = (statuses[status] ?? 0) + 1
  })
  const { user, system } = process.cpuUsage(cpu)
  process.send({ statuses, cpuMs: (user + system) / 1000 })
})
process.send('ready')
