// The KMS that all contenders sign with: the local home in a process of its
// own. It answers how many requests and connections it has seen.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalHome } from '@keyward/local'

const parent = await mkdtemp(join(tmpdir(), 'keyward-bench-'))
const home = await createLocalHome({
  dataDir: join(parent, 'home'),
  port: 0,
  chain: false,
})
process.on('message', async (message) => {
  if (message === 'stats') return process.send({ stats: home.stats() })
  await home.close()
  await rm(parent, { recursive: true, force: true })
  process.disconnect()
})
process.send({
  endpoint: home.endpoint,
  credentials: home.credentials('operator'),
})
