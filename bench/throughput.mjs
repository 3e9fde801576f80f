// Sign/s that the local KMS answers, SigV4 verified, to a client in another
// process with 8 requests in flight. Both share the machine's cores.
import { start } from './support/fork.mjs'

export async function measureThroughput(settings) {
  const worker = await start('throughputWorker.mjs', [JSON.stringify(settings)])
  const result = await worker.ask('go')
  await worker.stop()
  return result.perSecond
}
