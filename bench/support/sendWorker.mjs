// Callers of one process: so many requests, so many at a time.
import { SigningKey } from '@keyward/core'
import { createExchange } from '@keyward/core/aws'
import { createKmsClient } from '@keyward/core/kms'
import { createLedger, createRpc, createSender } from '@keyward/sender'
import { runAtOnce } from './runAtOnce.mjs'

const { kms, dynamo, keyId, address, tableName, rpcUrl, chainId, to } =
  JSON.parse(process.argv[2])

let calls = {}
/** As they are made, so that what is counted costs next to nothing. */
function createCounted(endpoint, settings) {
  const exchange = createExchange(endpoint, settings)
  return (headers, body, timeoutMs) => {
    const [, method] = /"method":"(\w+)"/.exec(body)
    calls[method] = (calls[method] ?? 0) + 1
    return exchange(headers, body, timeoutMs)
  }
}

const sender = createSender({
  key: SigningKey.open({
    service: createKmsClient(kms),
    keyId,
    expectedAddress: address,
  }),
  ledger: createLedger({ ...dynamo, tableName }),
  rpc: createRpc({
    urls: [rpcUrl],
    chainId,
    createExchange: createCounted,
  }),
})

process.on('message', async ({ prefix, count, atOnce }) => {
  const cpu = process.cpuUsage()
  const statuses = {}
  calls = {}
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
  process.send({ statuses, calls, cpuMs: (user + system) / 1000 })
})
process.send('ready')
