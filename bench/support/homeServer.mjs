// A local home in a process of its own, as KMS and DynamoDB are elsewhere than
// those who call them. `chain` starts anvil beside it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalHome } from '@keyward/local'

const parent = await mkdtemp(join(tmpdir(), 'keyward-bench-'))
const home = await createLocalHome({
  dataDir: join(parent, 'home'),
  port: 0,
  chain: process.argv[2] === 'chain' ? { port: 0 } : false,
})
process.on('message', async (message) => {
  if (message === 'stop') {
    await home.close()
    await rm(parent, { recursive: true, force: true })
    return process.disconnect()
  }
  if (message === 'stats') return process.send(home.stats().operations)
  home.setFaults(message)
  process.send('set')
})
const { accessKeyId, secretAccessKey } = home.credentials('root')
process.send({
  endpoint: home.endpoint,
  rpcUrl: home.rpcUrl,
  region: home.region,
  credentials: { accessKeyId, secretAccessKey },
})
